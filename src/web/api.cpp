#include "web/api.hpp"

#include "approvekit/error.hpp"
#include "approvekit/version.hpp"
#include "web/input.hpp"
#include "web/public_address.hpp"

#include <exception>

namespace approvekit::web {
namespace {

int status_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::not_found:
            return 404;
        case ErrorCode::ambiguous:
        case ErrorCode::already_decided:
        case ErrorCode::already_voted:
        case ErrorCode::not_entitled:
        case ErrorCode::altered:
        case ErrorCode::untrusted_decision:
            return 409;
        case ErrorCode::cancelled:
        case ErrorCode::expired:
            return 410;
        case ErrorCode::invalid_edit:
        case ErrorCode::invalid_grant:
        case ErrorCode::invalid_answer:
        case ErrorCode::invalid_option:
        case ErrorCode::invalid_arguments:
            return 400;
        case ErrorCode::storage_busy:
        case ErrorCode::storage_moved:
            return 503;
        default:
            return 500;
    }
}

Answer answer_to(const Error& error) {
    return error_answer(status_of(error.code()), to_string(error.code()), error.what());
}

/// The query of a page's address is the page's own, which reads it.
bool takes_query(Route::Kind kind) {
    return kind == Route::Kind::page || kind == Route::Kind::requests || kind == Route::Kind::audit ||
           kind == Route::Kind::calls || kind == Route::Kind::call_count || kind == Route::Kind::call_export ||
           kind == Route::Kind::statistics;
}

template <typename Value>
Json views(const std::vector<Value>& values) {
    Json list = Json::array();
    for (const Value& value : values)
        list.push_back(to_json_view(value));
    return list;
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

Answer note_too_large() {
    return error_answer(413, "note_too_large", "a note takes " + std::to_string(maximum_note_bytes) + " bytes at most");
}

Json result_view(const DecisionResult& result) {
    return {{"id", result.id},
            {"status", result.status ? Json(to_string(*result.status)) : Json()},
            {"code", result.code ? Json(to_string(*result.code)) : Json()},
            {"error", text_or_null(result.error)}};
}

}  // namespace

bool RecordHealth::is_good() {
    const auto now = clock_.since_boot();
    auto due = next_look_.load();
    if (now < due || !next_look_.compare_exchange_strong(due, now + period)) return is_good_;
    try {
        // A sweep looks at nothing where the record can only be read.
        static_cast<void>(storage_.find_ids("0", 1));
        // What the storage sweeps by itself fails in silence.
        storage_.sweep();
        is_good_ = true;
    } catch (const Error&) {
        is_good_ = false;
    }
    return is_good_;
}

Answer Api::answer(const Call& call) {
    try {
        return dispatch(call);
    } catch (const Error& error) {
        return answer_to(error);
    } catch (const std::exception&) {
        return internal_error();
    }
}

Answer Api::dispatch(const Call& call) {
    const Route& route = call.route;
    if (!takes_query(route.kind)) require_no_query(call.query);
    switch (route.kind) {
        case Route::Kind::asset:
        case Route::Kind::page:
            return page_file(*route.asset);
        case Route::Kind::entrance:
            return entrance();
        case Route::Kind::health:
            return health();
        case Route::Kind::session:
            return call.method == "POST" ? open_session(call) : session();
        case Route::Kind::link:
            return make_link(call);
        case Route::Kind::requests:
            return requests(call);
        case Route::Kind::request:
            return request(parts_.reviewer.find(route.id));
        case Route::Kind::decision:
            return decide(call);
        case Route::Kind::decisions:
            return decide_several(call);
        case Route::Kind::audit:
            return audit(call);
        case Route::Kind::calls:
            return history_.calls(call.query);
        case Route::Kind::call:
            return history_.call(route.id);
        case Route::Kind::call_count:
            return history_.count(call.query);
        case Route::Kind::call_export:
            return history_.export_calls(call.query);
        case Route::Kind::statistics:
            return history_.statistics(call.query);
        case Route::Kind::stops:
            return stops(call);
        case Route::Kind::lifting:
            return lift(call);
        case Route::Kind::grants:
            return grants();
        case Route::Kind::revocation:
            return revoke(call);
        case Route::Kind::events:
            return events(call);
        case Route::Kind::unknown:
            break;
    }
    return error_answer(404, "not_found", "there is nothing here");
}

Answer Api::page_file(const Asset& file) const {
    const bool names_addresses = file.content_type.starts_with("text/html");
    Answer answer;
    answer.content_type = file.content_type;
    answer.body = names_addresses ? under_base_path(file.bytes, parts_.base_path) : std::string(file.bytes);
    return answer;
}

/// Leads where nothing of the request can change it.
Answer Api::entrance() const {
    Answer answer = json_answer(308, {{"page", parts_.base_path + "/"}});
    answer.headers.emplace_back("Location", parts_.base_path + "/");
    return answer;
}

Answer Api::health() {
    if (health_.is_good()) return json_answer(200, {{"ok", true}});
    return json_answer(503, {{"ok", false}, {"error", "the record cannot be read or written"}, {"code", "storage_io"}});
}

Answer Api::open_session(const Call& call) {
    const SignInBody body = parse_sign_in_body(call.body);
    switch (parts_.links.redeem(body.link, body.secret)) {
        case SignInLinks::Redeemed::granted:
            parts_.sessions.open(body.secret);
            return session();
        case SignInLinks::Redeemed::used:
            return error_answer(401, "link_used", "that link has signed in a browser already; get another one");
        case SignInLinks::Redeemed::unknown:
            break;
    }
    return error_answer(401, "unauthorized", "that link is not one of this server's");
}

Answer Api::session() const {
    const Signer* const signer = parts_.reviewer.signer();
    return json_answer(200, {{"reviewer", parts_.reviewer.name()},
                             {"key_id", signer == nullptr ? Json() : Json(key_id(signer->public_key()))},
                             {"version", version()},
                             {"now", now()}});
}

Answer Api::make_link(const Call& call) {
    parse_empty_body(call.body);
    return json_answer(200, {{"link", parts_.links.make()}, {"now", now()}});
}

Answer Api::requests(const Call& call) {
    const RequestPage page = parts_.reviewer.list(parse_request_query(call.query));
    return json_answer(200, {{"requests", views(page.requests)}, {"next", text_or_null(page.next)}, {"now", now()}});
}

Answer Api::audit(const Call& call) {
    const AuditPage page = parts_.reviewer.audit(parse_audit_query(call.query));
    return json_answer(200, {{"audit", views(page.entries)},
                             {"sessions", views(page.sessions)},
                             {"next", text_or_null(page.next)},
                             {"now", now()}});
}

Answer Api::request(const ApprovalRequest& request) const {
    return json_answer(200, {{"request", to_json_view(request)}, {"now", now()}});
}

Answer Api::decide(const Call& call) {
    const Route& route = call.route;
    const DecisionBody body = parse_decision_body(call.body);
    if (body.notes.size() > maximum_note_bytes) return note_too_large();
    require_answer_of(route.verdict, body.answer);
    Reviewer& reviewer = parts_.reviewer;
    const ReviewerAnswer answer{
        .notes = body.notes, .seen = body.view, .shown = body.shown, .edits = body.edits, .grant = body.grant};
    try {
        if (route.verdict == Verdict::answer) return request(reviewer.answer(route.id, body.answer, answer));
        return request(route.verdict == Verdict::approve ? reviewer.approve(route.id, answer)
                                                         : reviewer.reject(route.id, answer));
    } catch (const DecisionError& error) {
        return not_decided(error, route.id);
    }
}

Answer Api::decide_several(const Call& call) {
    const DecisionsBody body = parse_decisions_body(call.body);
    if (body.notes.size() > maximum_note_bytes) return note_too_large();
    Json results = Json::array();
    for (const DecisionResult& result : parts_.reviewer.decide(body.verdict, body.requests, body.notes))
        results.push_back(result_view(result));
    return json_answer(200, {{"results", std::move(results)}, {"now", now()}});
}

/// Shows the request as it stands, so that a loser sees who won.
Answer Api::not_decided(const DecisionError& error, const std::string& id) {
    Json body = {{"error", error.what()}, {"code", to_string(error.code())}, {"now", now()}};
    const bool is_known = error.code() != ErrorCode::not_found && error.code() != ErrorCode::ambiguous;
    if (is_known) body["request"] = to_json_view(parts_.reviewer.find(id));
    return json_answer(status_of(error.code()), body);
}

Answer Api::stops(const Call& call) {
    if (call.method == "POST") return stop(parts_.reviewer.stop(parse_stop_body(call.body)));
    return json_answer(200, {{"stops", views(parts_.reviewer.stops())}, {"now", now()}});
}

Answer Api::stop(const Stop& stop) const {
    return json_answer(200, {{"stop", to_json_view(stop)}, {"now", now()}});
}

Answer Api::lift(const Call& call) {
    parse_empty_body(call.body);
    return stop(parts_.reviewer.resume(call.route.id));
}

Answer Api::grants() const {
    return json_answer(200, {{"grants", views(parts_.reviewer.grants())}, {"now", now()}});
}

Answer Api::revoke(const Call& call) {
    parse_empty_body(call.body);
    return json_answer(200, {{"grant", to_json_view(parts_.reviewer.revoke(call.route.id))}, {"now", now()}});
}

Answer Api::events(const Call& call) {
    Answer answer;
    answer.content_type = "text/event-stream";
    answer.stream = parts_.events.open(now(), call.last_event_id);
    // Or nginx keeps events until it has some kilobytes of them.
    answer.headers.emplace_back("X-Accel-Buffering", "no");
    if (answer.stream) return answer;
    return error_answer(503, "too_many_streams", "as many event streams as allowed are open; ask again later");
}

}  // namespace approvekit::web
