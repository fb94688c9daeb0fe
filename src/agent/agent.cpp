#include "agent/agent.hpp"

#include "agent/call_refusal.hpp"
#include "agent/held_call.hpp"
#include "agent/prepared_call.hpp"
#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "approvekit/signer.hpp"
#include "json/strict_reader.hpp"
#include "keys/reviewer_name.hpp"
#include "policy/limit.hpp"
#include "record/decision_check.hpp"
#include "record/grant_coverage.hpp"
#include "redaction/call_view.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace approvekit::detail {

namespace {

constexpr std::size_t longest_tool_name = 256;

/// How often another caller may be faster with the same key before the key counts as in use.
constexpr int most_askings = 16;

std::string default_agent_name() {
#ifdef __GLIBC__
    const std::string program = ::program_invocation_short_name;
#else
    const std::string program = ::getprogname();
#endif
    return program + " (process " + std::to_string(::getpid()) + ")";
}

void check_tool_name(std::string_view tool_name) {
    if (tool_name.empty() || tool_name.size() > longest_tool_name) {
        throw ArgumentsRefusedError("a tool's name has 1 to 256 bytes", std::string(tool_name.substr(0, 40)));
    }
    static_cast<void>(canonical_json(Json(std::string(tool_name))));
}

std::string canonical_arguments(std::string_view tool_name, const Json& arguments, const JsonLimits& limits,
                                const std::vector<std::string>& hidden_fields) {
    try {
        return canonical_json(arguments, limits);
    } catch (const ArgumentsRefusedError& error) {
        // The error names the place in the arguments, and keys on the path to it may be hidden.
        const CallScrubber scrubber(scrubber_of(arguments, hidden_fields));
        throw ArgumentsRefusedError(scrubber.scrub(error.what()), std::string(tool_name));
    }
}

}  // namespace

Agent::Agent(Policy policy, std::shared_ptr<Storage> storage, ApproveKit::Options options)
    : policy_(std::move(policy)),
      storage_(std::move(storage)),
      options_(std::move(options)),
      secret_(options_.secret ? *options_.secret : AgentSecret::random()) {
    if (!storage_) throw Error(ErrorCode::invalid_option, "ApproveKit needs a storage");
    if (options_.agent.empty()) options_.agent = default_agent_name();
    static_cast<void>(context({}, nullptr));
}

void Agent::listen() {
    const std::lock_guard lock(listening_);
    if (!subscription_) subscription_ = storage_->subscribe(waiting_calls_);
}

PendingCall Agent::submit(std::string_view tool_name, const Json& arguments, const Asked& asked) {
    return telling_trouble(tool_name, [&] { return take(tool_name, arguments, asked); });
}

PendingCall Agent::take(std::string_view tool_name, const Json& arguments, const Asked& asked) {
    Prepared prepared = prepare(tool_name, arguments, asked);
    const PolicyRule& rule = *prepared.ruling.rule;
    const bool is_endless = rule.run_timeout != std::chrono::seconds::zero() && !asked.can_stop;
    if (is_endless && prepared.ruling.action != Action::deny) {
        deny(std::move(prepared), words_on_endless_run(rule.run_timeout));
    }
    switch (prepared.ruling.action) {
        case Action::allow:
            return allow_or_hold(std::move(prepared));
        case Action::hold:
            require_fit(prepared);
            return allow_by_grant_or_hold(std::move(prepared));
        case Action::deny:
            break;
    }
    deny(std::move(prepared), rule.deny);
}

PendingCall Agent::allow_or_hold(Prepared prepared) {
    const std::string parent = prepared.parent();
    const std::string tool_name = prepared.tool_name;
    try {
        Permit permit = allow(prepared);
        return PendingCall(
            std::make_unique<HeldCall>(tool_name, std::move(permit), parent, prepared.asked.starts_at_once));
    } catch (const LimitReachedError& reached) {
        if (!reached.may_be_held()) throw;
    }
    prepared.is_beyond_limit = true;
    return hold(std::move(prepared));
}

Agent::Prepared Agent::prepare(std::string_view tool_name, const Json& arguments, const Asked& asked) const {
    check_tool_name(tool_name);
    Prepared prepared;
    prepared.tool_name = tool_name;
    prepared.asked = asked;
    prepared.context = context(tool_name, asked.call);
    prepared.under = policy_.ask(options_.clock->now());
    // Hides everything that any rule of the tool hides.
    const Ruling by_name = prepared.under.policy->evaluate(tool_name);
    prepared.canonical =
        canonical_arguments(tool_name, arguments, options_.argument_limits, by_name.rule->redact_fields);
    prepared.ruling = judge(*prepared.under.policy, prepared.under.time, tool_name, arguments, prepared.context);
    if (!prepared.context.is_null()) prepared.under.context = std::make_shared<const Json>(prepared.context);
    prepared.arguments = &arguments;
    const auto& fields = prepared.ruling.rule->redact_fields;
    if (!fields.empty()) prepared.take_view(redaction::hide(arguments, prepared.context, fields, fingerprints_));
    prepared.measure();
    shorten_reason(prepared.context);
    return prepared;
}

Ruling Agent::judge(const Policy& policy, Time asked_at, std::string_view tool_name, const Json& arguments,
                    const Json& context) const {
    static const Json nothing = Json::object();
    const Json& known = context.is_null() ? nothing : context;
    const std::string environment = known.value("environment", std::string());
    return policy.evaluate(tool_name, CallFacts{.arguments = arguments,
                                                .context = known,
                                                .agent = options_.agent,
                                                .environment = environment,
                                                .time = asked_at});
}

Json Agent::context(std::string_view tool_name, const Call* call) const {
    if (call == nullptr && options_.environment.empty() && options_.tags.empty()) return nullptr;
    Call whole = call == nullptr ? Call{} : *call;
    if (whole.environment.empty()) whole.environment = options_.environment;
    whole.tags.insert(whole.tags.begin(), options_.tags.begin(), options_.tags.end());
    try {
        Json context = context_of(whole);
        static_cast<void>(canonical_json(context));
        return context.empty() ? Json() : context;
    } catch (const ArgumentsRefusedError& error) {
        throw ArgumentsRefusedError(error.what(), std::string(tool_name));
    }
}

Permit Agent::allow(Prepared& prepared) {
    return *allow_by(nullptr, prepared);
}

std::optional<Permit> Agent::allow_by(const GrantUse* grant, Prepared& prepared) {
    require_parent(prepared.parent(), prepared.tool_name, {});
    const std::string metadata = prepared.metadata_text();
    const std::string notes = grant == nullptr ? "auto-approved by policy" : "granted by " + grant->reviewer;
    const Intent intent{prepared.tool_name, prepared.view_text(), metadata, notes,
                        options_.agent,     prepared.taken(),     grant};
    RunOutcome outcome;
    outcome.has_key = prepared.has_key();
    outcome.entry_id = outcome.has_key ? allow_keyed(intent, prepared) : storage_->record_intent(intent);
    if (outcome.entry_id.empty()) return std::nullopt;
    outcome.request_id = auto_request_id;
    outcome.tool_name = std::move(prepared.tool_name);
    if (grant != nullptr) outcome.grant = grant->id;
    return permit({storage_, prepared.scrubber(), std::move(outcome),
                   SubmittedArguments(std::move(prepared.canonical), options_.argument_limits), shared_from_this(),
                   prepared.ruling.rule->run_timeout, std::move(prepared.under)});
}

void Agent::deny(Prepared prepared, const std::string& words) {
    const std::string metadata = prepared.metadata_text();
    storage_->record_denial({prepared.tool_name, prepared.view_text(), metadata,
                             words.empty() ? "denied by policy" : "denied by policy: " + words});
    throw PolicyDeniedError(prepared.tool_name, words);
}

void Agent::require_fit(Prepared& prepared) {
    if (!prepared.use || prepared.use->fits_alone()) return;
    const std::string metadata = prepared.metadata_text();
    storage_->record_denial({prepared.tool_name, prepared.view_text(), metadata,
                             "denied by policy: beyond its limit at any time: " + prepared.use->words});
    throw LimitReachedError(prepared.tool_name, {}, prepared.use->words);
}

PendingCall Agent::hold(Prepared prepared) {
    require_parent(prepared.parent(), prepared.tool_name, {});
    if (prepared.has_key()) return hold_keyed(std::move(prepared));
    const ActionCommitment commitment(prepared.tool_name, prepared.canonical);
    ApprovalRequest request = make_request(prepared, commitment.digest());
    auto waiting = std::make_shared<WaitingCall>(prepared.scrubber());
    if (request.quorum()) waiting->follow_votes();
    waiting_calls_->enter(request.id, waiting);
    auto call = std::make_unique<HeldCall>(shared_from_this(), std::move(request),
                                           SubmittedArguments(commitment, options_.argument_limits), std::move(waiting),
                                           prepared.parent());
    call->take_policy(prepared.policy_while_held(), std::move(prepared.use));
    listen();
    call->tell_waiting();
    return PendingCall(std::move(call));
}

OwnCall Agent::own_call(const Prepared& prepared) const {
    const std::string& key = prepared.asked.call->idempotency_key;
    // The record stores the key unchanged. A digest would not help: hidden values could be found by trying.
    const bool is_scrubbed = prepared.context.value("idempotency_key", std::string()) != key;
    if (is_scrubbed || redaction::holds_hidden_value(key, *prepared.arguments, prepared.ruling.rule->redact_fields)) {
        throw ArgumentsRefusedError("the idempotency key contains a value that the policy hides; choose one without it",
                                    prepared.tool_name);
    }
    return {key, prepared.tool_name, prepared.canonical, prepared.hides(), secret_, options_.secret.has_value()};
}

std::string Agent::allow_keyed(const Intent& intent, const Prepared& prepared) {
    const KeyedAnswer answer = storage_->record_intent(intent, keyed(own_call(prepared)));
    if (answer.kind == KeyedAnswer::Kind::accepted) return answer.entry_id;
    std::rethrow_exception(refusal_of(answer, prepared.tool_name, prepared.scrubber()));
}

PendingCall Agent::hold_keyed(Prepared prepared) {
    const OwnCall own = own_call(prepared);
    const CallScrubber scrubber = prepared.scrubber();
    ApprovalRequest request = make_request(prepared, "");
    seal(own, request);
    // Make the call before the request is on record: if anything fails after that, the request is left to whoever asks
    // next.
    auto call =
        std::make_unique<HeldCall>(shared_from_this(), std::make_shared<WaitingCall>(scrubber), prepared.parent());
    call->take_policy(prepared.policy_while_held(), prepared.use);
    try {
        call->take_request(submit_keyed(std::move(request), own, scrubber));
    } catch (const AnsweredError& answered) {
        tell(answered);
        return PendingCall::refused(std::current_exception());
    }
    call->enter(SubmittedArguments(commitment_to(own, call->request()), options_.argument_limits));
    listen();
    call->catch_up();
    return PendingCall(std::move(call));
}

ApprovalRequest Agent::submit_keyed(ApprovalRequest request, const OwnCall& own, const CallScrubber& scrubber) {
    KeyedCall call = keyed(own);
    call.is_same = [&](const ApprovalRequest& stored) { return would_submit(own, request, stored); };
    KeyedAnswer answer = storage_->submit(request, call);
    for (int asked = 1; answer.kind == KeyedAnswer::Kind::ask_again && asked < most_askings; ++asked) {
        request.metadata[asked_before_key] = answer.request_id;
        seal(own, request);
        call.replaces = answer.place;
        answer = storage_->submit(request, call);
    }
    if (answer.kind == KeyedAnswer::Kind::accepted) return request;
    if (was_answered(answer)) std::rethrow_exception(earlier_answer(*answer.request, scrubber));
    if (answer.kind != KeyedAnswer::Kind::taken_over) {
        std::rethrow_exception(refusal_of(answer, own.tool_name, scrubber));
    }
    if (answer.request) return *std::move(answer.request);
    throw StorageError(ErrorCode::storage_corrupt,
                       own.tool_name + ": the storage says that the call takes a request over, but does not say which");
}

ApprovalRequest Agent::make_request(const Prepared& prepared, std::string action_digest) const {
    ApprovalRequest request;
    request.id = random_uuid();
    request.tool_name = prepared.tool_name;
    request.tool_args = prepared.view();
    request.created_at = options_.clock->now();
    request.metadata = prepared.metadata();
    request.nonce = random_hex(16);
    if (prepared.ruling.rule->grants && prepared.hides())
        request.metadata[hidden_arguments_key] = record::hidden_arguments_mark(secret_, request, *prepared.arguments);
    for (const TrustedReviewer& reviewer : prepared.under.policy->reviewers())
        request.metadata[signers_key][reviewer.name] = key_id(reviewer.public_key);
    name_requester(request.metadata, prepared.tool_name, prepared.asked.call);
    request.deadline = request.created_at + shorter_timeout(prepared.asked.call, prepared.ruling.rule->timeout);
    request.agent = options_.agent;
    request.action_digest = std::move(action_digest);
    request.policy_digest = prepared.under.policy->digest();
    if (prepared.redacted) request.redactions = prepared.redacted->redactions;
    request.ours = true;
    request.view_digest = approvekit::view_digest(request);
    return request;
}

Json Agent::parse(std::string_view tool_name, std::string_view text) const {
    constexpr std::string_view blanks = " \t\r\n";
    const bool is_blank = text.find_first_not_of(blanks) == std::string_view::npos;
    if (is_blank && text.size() <= options_.argument_limits.bytes) return Json::object();
    try {
        return parse_json(text, options_.argument_limits);
    } catch (const ArgumentsRefusedError& error) {
        const ArgumentsRefusedError refusal(error.what(), std::string(tool_name));
        tell(refusal);
        throw refusal;
    }
}

void Agent::require_parent(const std::string& parent, const std::string& tool_name,
                           const std::string& request_id) const {
    if (parent.empty()) return;
    const auto found = storage_->find(parent);
    const bool is_approved = found && found->status == ApprovalStatus::approved;
    const bool may_run = is_approved && (found->run != RunState::none || found->start_by || !found->ours);
    if (may_run || (found && found->status == ApprovalStatus::pending)) return;
    const std::string what = !found        ? "is not on record"
                             : is_approved ? "was approved and did not start"
                                           : "ended as " + std::string(to_string(found->status));
    throw ApprovalCancelledError(tool_name, request_id, "the call within which it was made " + what);
}

std::optional<Stop> Agent::find_stop(std::string_view tool_name) const {
    return storage_->find_stop(tool_name, options_.agent);
}

void Agent::require_no_stop(const std::string& tool_name) const {
    if (const auto stop = find_stop(tool_name)) throw stopped_by(*stop, tool_name, {});
}

std::string Agent::recorded_result(const Policy& policy, const std::string& tool_name, const Json& result) const {
    const Ruling ruling = policy.evaluate(tool_name);
    const auto& fields = ruling.rule->redact_fields;
    return text_for_model(fields.empty() ? result : redact(result, fields, fingerprints_).value);
}

void Agent::tell(Event::Kind kind, std::string_view tool_name, std::string_view request_id,
                 std::string_view text) const noexcept {
    if (!options_.on_event) return;
    options_.on_event({kind, std::string(tool_name), std::string(request_id), std::string(text)});
}

void Agent::tell(const RefusedError& refusal) const noexcept {
    const bool decided = refusal.code() == ErrorCode::rejected || refusal.code() == ErrorCode::answered;
    tell(decided ? Event::Kind::decided : Event::Kind::refused, refusal.tool_name(), refusal.request_id(),
         refusal.what());
}

void Agent::tell(const StorageError& error, std::string_view tool_name) const noexcept {
    tell(Event::Kind::storage_trouble, tool_name, {}, error.what());
}

ArgumentsRefusedError Agent::refuse_arguments(const std::string& tool_name, const Json& arguments,
                                              std::string_view why) const {
    const auto policy = policy_.get();
    const CallScrubber scrubber(scrubber_of(arguments, policy->evaluate(tool_name).rule->redact_fields));
    ArgumentsRefusedError refusal(scrubber.scrub(why), tool_name);
    tell(refusal);
    return refusal;
}

void Agent::decide(Verdict verdict, std::string_view request_id, std::string_view notes, std::string_view reviewer) {
    keys::check_reviewer_name(reviewer);
    record::check_note(notes);
    Decision decision;
    decision.request_id = request_id;
    decision.verdict = verdict;
    decision.reviewer = reviewer;
    decision.way = "library";
    decision.notes = notes;
    // This process knows what the waiting call hides, so it can keep that out of the record.
    if (const auto waiting = waiting_calls_->find(decision.request_id))
        decision.notes = waiting->scrubber().scrub(notes);
    storage_->decide(decision);
}

}  // namespace approvekit::detail
