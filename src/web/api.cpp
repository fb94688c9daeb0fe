#include "web/api.hpp"

#include "approvekit/error.hpp"
#include "approvekit/version.hpp"
#include "web/answer.hpp"
#include "web/input.hpp"
#include "web/public_address.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

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

/// The query in a page's address belongs to the page, which reads it itself.
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

/// Makes the page send what the proxy knows its browser by, which it otherwise does not send.
void mark_as_proxied(std::string& html) {
    constexpr std::string_view body = "<body ";
    const auto at = html.find(body);
    if (at != std::string::npos) html.insert(at + body.size(), "data-proxied ");
}

Json session_view(const Session& session, const Caller& caller) {
    return {{"id", session.id},
            {"opened_at", to_text(session.opened_at)},
            {"seen_at", to_text(session.seen_at)},
            {"current", session.id == caller.session}};
}

Json result_view(const DecisionResult& result) {
    return {{"id", result.id},
            {"status", result.status ? Json(to_string(*result.status)) : Json()},
            {"code", result.code ? Json(to_string(*result.code)) : Json()},
            {"error", text_or_null(result.error)}};
}

/// A body that is supplied as long as whoever asked for it is let in.
class AdmittedStream final : public BodyStream {
public:
    AdmittedStream(std::shared_ptr<BodyStream> body, std::function<bool()> is_admitted)
        : body_(std::move(body)), is_admitted_(std::move(is_admitted)) {}

    [[nodiscard]] std::optional<std::string> next() override {
        if (!is_admitted_()) throw Error(ErrorCode::server, "the reviewer who asked for it no longer has access");
        return body_->next();
    }

private:
    const std::shared_ptr<BodyStream> body_;
    const std::function<bool()> is_admitted_;
};

}  // namespace

bool RecordHealth::is_good() {
    const auto now = clock_.since_boot();
    auto due = next_look_.load();
    if (now < due || !next_look_.compare_exchange_strong(due, now + period)) return is_good_;
    try {
        // A sweep looks at nothing if the record can only be read.
        static_cast<void>(storage_.find_ids("0", 1));
        // The storage also sweeps by itself, but fails silently.
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
        case Route::Kind::unknown:
            return error_answer(404, "not_found", "there is nothing here");
        default:
            break;
    }
    if (route.kind == Route::Kind::session && call.method == "POST") return open_session(call);
    // Authorization lets nobody in who is not known. Without a name, nothing is decided in anybody's name.
    if (call.caller.reviewer.empty()) return unauthorized("nobody is known to ask this");
    Reviewer reviewer = reviewer_of(call);
    return dispatch_as(reviewer, call);
}

Answer Api::dispatch_as(Reviewer& reviewer, const Call& call) {
    switch (call.route.kind) {
        case Route::Kind::session:
            return session(reviewer);
        case Route::Kind::sessions:
            return sessions(call);
        case Route::Kind::session_end:
            return end_session(call);
        case Route::Kind::link:
            return make_link(call);
        case Route::Kind::requests:
            return requests(reviewer, call);
        case Route::Kind::request:
            return request(reviewer.find(call.route.id));
        case Route::Kind::decision:
            return decide(reviewer, call);
        case Route::Kind::decisions:
            return decide_several(reviewer, call);
        case Route::Kind::audit:
            return audit(reviewer, call);
        case Route::Kind::calls:
            return history_.calls(call.query);
        case Route::Kind::call:
            return history_.call(call.route.id);
        case Route::Kind::call_count:
            return history_.count(call.query);
        case Route::Kind::call_export:
            return export_calls(call);
        case Route::Kind::statistics:
            return history_.statistics(call.query, call.is_wanted);
        case Route::Kind::stops:
            return stops(reviewer, call);
        case Route::Kind::lifting:
            return lift(reviewer, call);
        case Route::Kind::grants:
            return grants(reviewer);
        case Route::Kind::revocation:
            return revoke(reviewer, call);
        case Route::Kind::events:
            return events(call);
        default:
            return error_answer(404, "not_found", "there is nothing here");
    }
}

/// The server's own reviewer signs if it has a key.
Reviewer Api::reviewer_of(const Call& call) const {
    const bool is_own = call.caller.reviewer == parts_.reviewer.name();
    return is_own ? parts_.reviewer : parts_.reviewer.named(call.caller.reviewer);
}

Answer Api::page_file(const Asset& file) const {
    Answer answer;
    answer.content_type = file.content_type;
    answer.body = std::string(file.bytes);
    if (!file.content_type.starts_with("text/html")) return answer;
    answer.body = under_base_path(file.bytes, parts_.base_path);
    if (parts_.identification.is_proxied()) mark_as_proxied(answer.body);
    return answer;
}

/// Leads to a place that nothing in the request can change.
Answer Api::entrance() const {
    Answer answer = json_answer(308, {{"page", parts_.base_path + "/"}});
    answer.headers.emplace_back("Location", parts_.base_path + "/");
    return answer;
}

Answer Api::health() {
    if (const auto trouble = parts_.identification.trouble()) {
        return json_answer(503, {{"ok", false},
                                 {"error", "the file of reviewers cannot be read or trusted"},
                                 {"code", "reviewers_unavailable"}});
    }
    if (health_.is_good()) return json_answer(200, {{"ok", true}});
    return json_answer(503, {{"ok", false}, {"error", "the record cannot be read or written"}, {"code", "storage_io"}});
}

Answer Api::open_session(const Call& call) {
    const SignInBody body = parse_sign_in_body(call.body);
    auto signed_in = parts_.identification.sign_in(body.link, body.secret);
    if (auto* const refusal = std::get_if<Answer>(&signed_in)) return std::move(*refusal);
    Call known = call;
    known.caller = std::get<Caller>(std::move(signed_in));
    return session(reviewer_of(known));
}

Answer Api::session(const Reviewer& reviewer) const {
    const Signer* const signer = reviewer.signer();
    return json_answer(200, {{"reviewer", reviewer.name()},
                             {"key_id", signer == nullptr ? Json() : Json(key_id(signer->public_key()))},
                             {"version", version()},
                             {"now", now()}});
}

/// The sessions of other reviewers are nobody else's business.
Answer Api::sessions(const Call& call) const {
    Json list = Json::array();
    for (const Session& session : parts_.identification.sessions_of(call.caller))
        list.push_back(session_view(session, call.caller));
    return json_answer(200, {{"sessions", std::move(list)}, {"now", now()}});
}

Answer Api::end_session(const Call& call) {
    parse_empty_body(call.body);
    const auto ended = parts_.identification.end_session(call.caller, call.route.id);
    if (!ended) return error_answer(404, "not_found", "you have no session of that id");
    return json_answer(200, {{"session", session_view(*ended, call.caller)}, {"now", now()}});
}

Answer Api::make_link(const Call& call) {
    parse_empty_body(call.body);
    return json_answer(200, {{"link", parts_.identification.make_link()}, {"now", now()}});
}

Answer Api::requests(Reviewer& reviewer, const Call& call) const {
    const RequestPage page = reviewer.list(parse_request_query(call.query));
    return json_answer(200, {{"requests", views(page.requests)}, {"next", text_or_null(page.next)}, {"now", now()}});
}

Answer Api::audit(Reviewer& reviewer, const Call& call) const {
    const AuditPage page = reviewer.audit(parse_audit_query(call.query));
    return json_answer(200, {{"audit", views(page.entries)},
                             {"sessions", views(page.sessions)},
                             {"next", text_or_null(page.next)},
                             {"now", now()}});
}

Answer Api::request(const ApprovalRequest& request) const {
    return json_answer(200, {{"request", to_json_view(request)}, {"now", now()}});
}

Answer Api::decide(Reviewer& reviewer, const Call& call) const {
    const Route& route = call.route;
    const DecisionBody body = parse_decision_body(call.body);
    if (body.notes.size() > maximum_note_bytes) return note_too_large();
    require_answer_of(route.verdict, body.answer);
    const ReviewerAnswer answer{
        .notes = body.notes, .seen = body.view, .shown = body.shown, .edits = body.edits, .grant = body.grant};
    try {
        if (route.verdict == Verdict::answer) return request(reviewer.answer(route.id, body.answer, answer));
        return request(route.verdict == Verdict::approve ? reviewer.approve(route.id, answer)
                                                         : reviewer.reject(route.id, answer));
    } catch (const DecisionError& error) {
        return not_decided(reviewer, error, route.id);
    }
}

Answer Api::decide_several(Reviewer& reviewer, const Call& call) const {
    const DecisionsBody body = parse_decisions_body(call.body);
    if (body.notes.size() > maximum_note_bytes) return note_too_large();
    Json results = Json::array();
    for (const DecisionResult& result :
         reviewer.decide(body.verdict, body.requests, body.notes, admission_of(call.caller)))
        results.push_back(result_view(result));
    return json_answer(200, {{"results", std::move(results)}, {"now", now()}});
}

/// Shows the request as it is now, so that a loser sees who won.
Answer Api::not_decided(Reviewer& reviewer, const DecisionError& error, const std::string& id) const {
    Json body = {{"error", error.what()}, {"code", to_string(error.code())}, {"now", now()}};
    const bool is_known = error.code() != ErrorCode::not_found && error.code() != ErrorCode::ambiguous;
    if (is_known) body["request"] = to_json_view(reviewer.find(id));
    return json_answer(status_of(error.code()), body);
}

Answer Api::stops(Reviewer& reviewer, const Call& call) {
    if (call.method == "POST") return stop(reviewer.stop(parse_stop_body(call.body)));
    std::vector<Stop> stops = reviewer.stops();
    for (Stop& stop : doubtful_stops_.find())
        stops.push_back(std::move(stop));
    return json_answer(200, {{"stops", views(stops)}, {"now", now()}});
}

Answer Api::stop(const Stop& stop) const {
    return json_answer(200, {{"stop", to_json_view(stop)}, {"now", now()}});
}

Answer Api::lift(Reviewer& reviewer, const Call& call) const {
    parse_empty_body(call.body);
    return stop(reviewer.resume(call.route.id));
}

Answer Api::grants(Reviewer& reviewer) const {
    return json_answer(200, {{"grants", views(reviewer.grants())}, {"now", now()}});
}

Answer Api::revoke(Reviewer& reviewer, const Call& call) const {
    parse_empty_body(call.body);
    return json_answer(200, {{"grant", to_json_view(reviewer.revoke(call.route.id))}, {"now", now()}});
}

Answer Api::events(const Call& call) {
    Answer answer;
    answer.content_type = "text/event-stream";
    StreamListener listener;
    if (call.caller.is_one_of_several) listener.reviewer = call.caller.reviewer;
    if (!call.caller.has_token) {
        listener.may_listen = [this, caller = call.caller] { return parts_.identification.still_knows(caller); };
    }
    answer.stream = parts_.events.open(now(), call.last_event_id, std::move(listener));
    // Without this, nginx holds events back until it has some kilobytes of them.
    answer.headers.emplace_back("X-Accel-Buffering", "no");
    if (answer.stream) return answer;
    return error_answer(503, "too_many_streams", "as many event streams as allowed are open; ask again later");
}

/// Exporting a whole record takes long, and longer if the client reads slowly.
Answer Api::export_calls(const Call& call) const {
    Answer answer = history_.export_calls(call.query);
    answer.stream = std::make_shared<AdmittedStream>(std::move(answer.stream), admission_of(call.caller));
    return answer;
}

/// Returns a check of whether the caller is still let in while something of theirs goes on that ends by itself. A proxy
/// is asked only about the caller's next request.
std::function<bool()> Api::admission_of(Caller caller) const {
    if (caller.has_token) return [] { return true; };
    caller.until = std::chrono::microseconds::max();
    return [this, caller = std::move(caller)] { return parts_.identification.still_knows(caller); };
}

}  // namespace approvekit::web
