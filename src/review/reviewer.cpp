#include "approvekit/reviewer.hpp"

#include "approvekit/error.hpp"
#include "keys/reviewer_name.hpp"
#include "record/decision_check.hpp"
#include "record/grant_terms.hpp"
#include "review/shown_request.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <set>
#include <utility>

namespace approvekit {
namespace {

constexpr std::size_t minimum_prefix_length = 4;

/// How the error of a decision begins that was not tried.
constexpr const char* untried = "not tried: ";

/// Whether the record itself fails, as it would for every request.
bool is_trouble(const std::optional<ErrorCode>& code) {
    return code && to_string(*code).starts_with("storage");
}

/// The result for a request after such trouble. Nobody would wait while each of the other requests fails in turn.
DecisionResult not_tried(const std::string& id, const DecisionResult& before) {
    return {.id = id,
            .status = std::nullopt,
            .code = before.code,
            .error = before.error.starts_with(untried) ? before.error : untried + before.error};
}

/// The result for a reviewer who was removed while several requests were decided.
DecisionResult not_let_in() {
    return {.id = {},
            .status = std::nullopt,
            .code = ErrorCode::not_entitled,
            .error = "the reviewer no longer has access"};
}

/// Quotes what a person typed, short enough for a message.
std::string in_quotes(std::string_view text) {
    constexpr std::size_t longest = 64;
    return "'" + std::string(text.substr(0, longest)) + (text.size() > longest ? "..." : "") + "'";
}

}  // namespace

Reviewer::Reviewer(std::shared_ptr<Storage> storage, std::string name, std::string way)
    : storage_(std::move(storage)), name_(std::move(name)), way_(std::move(way)) {
    keys::check_reviewer_name(name_);
}

void Reviewer::sign_with(std::shared_ptr<const Signer> signer) {
    if (signer->name() != name_) {
        throw Error(ErrorCode::invalid_option,
                    "the key belongs to " + in_quotes(signer->name()) + ", not to the reviewer " + in_quotes(name_));
    }
    signer_ = std::move(signer);
}

Reviewer Reviewer::named(std::string name) const {
    return {storage_, std::move(name), way_};
}

ApprovalRequest Reviewer::approve(std::string_view id_or_prefix, const ReviewerAnswer& answer) {
    return decide(Verdict::approve, id_or_prefix, answer);
}

ApprovalRequest Reviewer::reject(std::string_view id_or_prefix, const ReviewerAnswer& answer) {
    return decide(Verdict::reject, id_or_prefix, answer);
}

ApprovalRequest Reviewer::find(std::string_view id_or_prefix) {
    auto exact = id_or_prefix.empty() ? std::nullopt : storage_->find(id_or_prefix);
    if (exact) return review::as_shown(*std::move(exact));
    const std::string id = resolve_prefix(id_or_prefix);
    if (auto request = storage_->find(id)) return review::as_shown(*std::move(request));
    throw DecisionError(ErrorCode::not_found, "the request " + in_quotes(id) + " is gone");
}

ApprovalRequest Reviewer::answer(std::string_view id_or_prefix, const Json& words, const ReviewerAnswer& with) {
    return decide(Verdict::answer, id_or_prefix, with, words);
}

RequestPage Reviewer::list(const RequestQuery& query) {
    storage_->sweep();
    RequestPage page = storage_->list(query);
    for (ApprovalRequest& request : page.requests)
        request = review::as_shown(std::move(request));
    return page;
}

AuditPage Reviewer::audit(const AuditQuery& query) {
    return storage_->audit(query);
}

ApprovalRequest Reviewer::decide(Verdict verdict, std::string_view id_or_prefix, const ReviewerAnswer& answer,
                                 const Json& words) {
    record::check_note(answer.notes);
    Decision decision{.request_id = resolve(id_or_prefix),
                      .verdict = verdict,
                      .reviewer = name_,
                      .way = way_,
                      .notes = answer.notes,
                      .view_digest = answer.seen,
                      .shown = answer.shown,
                      .signature = std::nullopt,
                      .edits = answer.edits,
                      .grant = answer.grant,
                      .answer = words};
    if (signer_) add_signature(decision);
    return review::as_shown(storage_->decide(decision));
}

std::vector<DecisionResult> Reviewer::decide(Verdict verdict, const std::vector<SeenRequest>& requests,
                                             const std::string& notes, const std::function<bool()>& may_decide) {
    record::check_note(notes);
    std::set<std::string_view> ids;
    for (const SeenRequest& request : requests) {
        if (!ids.insert(request.id).second)
            throw Error(ErrorCode::invalid_option, in_quotes(request.id) + " is given twice; name each request once");
    }
    std::vector<DecisionResult> results;
    results.reserve(requests.size());
    bool may_go_on = true;
    for (const SeenRequest& request : requests) {
        may_go_on = may_go_on && (!may_decide || may_decide());
        if (!may_go_on) {
            results.push_back(not_tried(request.id, not_let_in()));
        } else {
            const bool is_reached = results.empty() || !is_trouble(results.back().code);
            results.push_back(is_reached ? result_of(verdict, request, notes) : not_tried(request.id, results.back()));
        }
    }
    return results;
}

DecisionResult Reviewer::result_of(Verdict verdict, const SeenRequest& request, const std::string& notes) {
    DecisionResult result{.id = request.id, .status = std::nullopt};
    const auto is_at = [&result](const ApprovalRequest& now) {
        result.id = now.id;
        result.status = now.status;
    };
    try {
        is_at(decide(verdict, request.id, {.notes = notes, .seen = request.seen, .shown = request.shown}));
    } catch (const Error& error) {
        result.code = error.code();
        result.error = error.what();
    } catch (const std::exception& error) {  // from a signer that is not ours: what was decided before must not be lost
        result.code = ErrorCode::cryptography;
        result.error = std::string("it could not be signed: ") + error.what();
    }
    if (!result.code || is_trouble(result.code)) return result;
    try {
        is_at(find(request.id));
    } catch (const Error&) {
        // If it cannot be shown, that adds nothing to why it was not decided.
    }
    return result;
}

/// Signs before the decision's transaction, in which nobody else could write: a signer may wait for a person.
void Reviewer::add_signature(Decision& decision) {
    const ApprovalRequest request = find(decision.request_id);
    // The storage refuses what has ended. A rejection does not need an accepted signer.
    if (request.status == ApprovalStatus::pending) {
        if (decision.verdict != Verdict::reject) record::require_accepted_signer(request, *signer_);
        if (request.ours) {
            // A signature covers the end, which the record sets otherwise.
            decision = record::with_end_of_grant(std::move(decision), storage_->now());
            record::sign(decision, request, *signer_);
        }
    } else {
        decision.signature = own_signature(request);
    }
}

std::optional<DecisionSignature> Reviewer::own_signature(const ApprovalRequest& request) const {
    const std::string key = key_id(signer_->public_key());
    const auto is_own = [&](const Decision& taken) { return taken.signature && taken.signature->key_id == key; };
    for (const Vote& vote : request.votes) {
        if (is_own(vote.decision)) return vote.decision.signature;
    }
    const auto taken = storage_->find_decision(request.id);
    return taken && is_own(*taken) ? taken->signature : std::nullopt;
}

/// Finds a whole id among the ids, without its row.
std::string Reviewer::resolve(std::string_view id_or_prefix) {
    if (id_or_prefix.empty()) return resolve_prefix(id_or_prefix);
    const std::vector<std::string> ids = storage_->find_ids(id_or_prefix, 2);
    const bool is_whole = std::find(ids.begin(), ids.end(), id_or_prefix) != ids.end();
    // An id that another program made may have letters that the look-up of ids does not know.
    if (is_whole || storage_->find(id_or_prefix)) return std::string(id_or_prefix);
    return resolve_prefix(id_or_prefix);
}

std::string Reviewer::resolve_prefix(std::string_view id_or_prefix) {
    if (id_or_prefix.size() < minimum_prefix_length) {
        throw DecisionError(ErrorCode::not_found, "no request has the id " + in_quotes(id_or_prefix) +
                                                      "; the start of an id needs at least " +
                                                      std::to_string(minimum_prefix_length) + " characters");
    }
    const std::vector<std::string> ids = storage_->find_ids(id_or_prefix, 2);
    if (ids.empty()) throw DecisionError(ErrorCode::not_found, "no request has the id " + in_quotes(id_or_prefix));
    if (ids.size() > 1) {
        throw DecisionError(ErrorCode::ambiguous,
                            "several requests start with " + in_quotes(id_or_prefix) + "; give more characters");
    }
    return ids.front();
}

Stop Reviewer::stop(const StopOrder& order) {
    return storage_->stop(order, name_, way_);
}

Stop Reviewer::resume(std::string_view id_or_prefix) {
    return storage_->resume(resolve_stop(id_or_prefix), name_, way_);
}

std::vector<Stop> Reviewer::stops(StopList which) {
    return storage_->stops(which);
}

Grant Reviewer::revoke(std::string_view id_or_prefix) {
    return storage_->revoke(resolve_grant(id_or_prefix), name_, way_);
}

/// If a grant's request was taken out of the record, an entry still tells of the grant, under its whole id.
std::string Reviewer::resolve_grant(std::string_view id_or_prefix) {
    const bool is_gone = id_or_prefix.size() >= minimum_prefix_length && storage_->find_ids(id_or_prefix, 1).empty() &&
                         !storage_->find(id_or_prefix);
    return is_gone ? std::string(id_or_prefix) : resolve(id_or_prefix);
}

std::vector<Grant> Reviewer::grants(GrantList which) {
    return storage_->grants(which);
}

ArchiveResult Reviewer::archive(Time before, const std::filesystem::path& file,
                                const std::function<void(std::int64_t)>& progress) {
    return storage_->archive({.before = before,
                              .file = file,
                              .reviewer = name_,
                              .way = way_,
                              .signer = signer_.get(),
                              .progress = progress});
}

AuditHold Reviewer::hold(std::string_view id_or_prefix, std::string_view reason) {
    constexpr std::size_t length_of_id = 36;
    const bool is_whole = id_or_prefix.size() == length_of_id;
    return storage_->hold(is_whole ? std::string(id_or_prefix) : resolve(id_or_prefix), reason, name_, way_);
}

AuditHold Reviewer::release_hold(std::string_view id_or_prefix) {
    return storage_->release_hold(resolve_hold(id_or_prefix), name_, way_);
}

std::string Reviewer::resolve_hold(std::string_view id_or_prefix) {
    std::set<std::string> ids;
    for (const AuditHold& hold : storage_->holds(true)) {
        if (hold.subject == id_or_prefix) return hold.subject;
        if (hold.subject.starts_with(id_or_prefix)) ids.insert(hold.subject);
    }
    const bool is_long_enough = id_or_prefix.size() >= minimum_prefix_length;
    if (ids.size() == 1 && is_long_enough) return *ids.begin();
    if (ids.empty() || !is_long_enough) return std::string(id_or_prefix);
    throw DecisionError(ErrorCode::ambiguous,
                        "several holds start with " + in_quotes(id_or_prefix) + "; give more characters");
}

std::string Reviewer::resolve_stop(std::string_view id_or_prefix) {
    const bool is_any = id_or_prefix.empty();
    if (!is_any && id_or_prefix.size() < minimum_prefix_length) {
        throw DecisionError(ErrorCode::not_found, "no stop has the id " + in_quotes(id_or_prefix) +
                                                      "; the start of an id needs at least " +
                                                      std::to_string(minimum_prefix_length) + " characters");
    }
    std::vector<std::string> ids;
    for (const Stop& stop : storage_->stops(is_any ? StopList::in_force : StopList::all)) {
        if (stop.id.starts_with(id_or_prefix)) ids.push_back(stop.id);
    }
    if (ids.size() == 1) return ids.front();
    if (ids.empty() && is_any) throw DecisionError(ErrorCode::not_found, "no stop is in force");
    if (ids.empty()) return std::string(id_or_prefix);  // an old one that is no longer listed, or none
    throw DecisionError(ErrorCode::ambiguous,
                        is_any ? "several stops are in force; name one by its id"
                               : "several stops start with " + in_quotes(id_or_prefix) + "; give more characters");
}

std::string login_name() {
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
        return "unknown";
    }
    return *found->pw_name == '\0' ? "unknown" : found->pw_name;
}

}  // namespace approvekit
