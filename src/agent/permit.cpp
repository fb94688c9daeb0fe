#include "approvekit/permit.hpp"

#include "agent/agent.hpp"
#include "approvekit/detail/run_stop.hpp"
#include "text/utf8.hpp"

#include <unistd.h>

#include <utility>

namespace approvekit {
namespace {

constexpr const char* altered_reason = "its arguments are no longer those that were submitted";
constexpr const char* unread_edit_reason = "its tool reads the edited arguments differently";

/// Returns the request that a run belongs to, or an empty text if the policy allowed the run at once.
std::string request_of(const RunOutcome& outcome) {
    return outcome.request_id == auto_request_id ? std::string() : outcome.request_id;
}

std::string state_text(const RunOutcome& outcome) {
    const std::string state(to_string(outcome.state));
    return outcome.note.empty() ? state : state + ": " + outcome.note;
}

}  // namespace

void Permit::tell(const Run& run, Event::Kind kind, const std::string& what) {
    if (!run.agent->tells_events()) return;
    const std::string id = request_of(run.outcome);
    const std::string request = id.empty() ? "" : " (request " + id + ")";
    run.agent->tell(kind, run.outcome.tool_name, id, run.outcome.tool_name + what + request);
}

Permit::Permit(std::unique_ptr<Run> run) noexcept : run_(std::move(run)) {}

Permit::Permit(Permit&&) noexcept = default;

Permit::~Permit() {
    if (run_ && run_->is_start_expected && !run_->is_started) not_started("not started: it came to nothing before");
    finish(RunState::unknown, "the program never said how the run ended");
}

void Permit::start(const Json& arguments) {
    if (!run_) throw MisuseError("this permit is spent, or was moved from");
    if (!run_->submitted.fits(run_->outcome.tool_name, arguments)) refuse_as_altered();
    refuse_if_denied(arguments);
    if (run_->stop && run_->stop->is_asked()) refuse_as_cancelled("it was cancelled before it started");
    limit_run();
    tell(*run_, Event::Kind::started, " starts");
    run_->is_started = true;
}

void Permit::expect_start() noexcept {
    if (run_) run_->is_start_expected = true;
}

void Permit::refuse_as_cancelled(const std::string& reason) {
    const ApprovalCancelledError refusal(run_->outcome.tool_name, request_of(run_->outcome), reason);
    run_->agent->tell(refusal);
    not_started("not started: " + reason);
    throw refusal;
}

void Permit::refuse_as_endless() {
    const PolicyDeniedError refusal(run_->outcome.tool_name, detail::words_on_endless_run(run_->run_timeout));
    run_->agent->tell(refusal);
    not_started(std::string("not started: ") + refusal.what());
    throw refusal;
}

std::optional<std::string> Permit::find_new_denial(const Json& arguments) {
    try {
        return run_->agent->find_new_denial(run_->outcome.tool_name, run_->under, arguments);
    } catch (const std::exception& error) {
        not_started(std::string("not started: ") + error.what());
        throw;
    }
}

void Permit::refuse_if_denied(const Json& arguments) {
    const auto words = find_new_denial(arguments);
    if (!words) return;
    const PolicyDeniedError refusal(run_->outcome.tool_name, *words, request_of(run_->outcome));
    run_->agent->tell(refusal);
    not_started(std::string("not started: ") + refusal.what());
    throw refusal;
}

std::shared_ptr<detail::RunStop> Permit::stoppable(const std::stop_token& caller) {
    if (!run_) throw MisuseError("this permit is spent, or was moved from");
    run_->stop =
        std::make_shared<detail::RunStop>(run_->outcome.tool_name, request_of(run_->outcome), run_->run_timeout);
    run_->stop->follow(caller);
    return run_->stop;
}

void Permit::limit_run() {
    if (run_->run_timeout == std::chrono::seconds::zero()) return;
    if (!run_->stop) refuse_as_endless();
    try {
        const std::weak_ptr<detail::RunStop> stop = run_->stop;
        run_->time_out = run_->agent->run_timer().call_after(run_->run_timeout, [stop] {
            if (const auto running = stop.lock()) running->time_out();
        });
    } catch (const std::exception& error) {
        not_started(std::string("not started: ") + error.what());
        throw;
    }
}

const Json* Permit::edited_arguments() const noexcept {
    return run_ && run_->edited ? &run_->edited->arguments : nullptr;
}

std::optional<CallEdit> Permit::edit() const {
    return run_ && run_->edited ? std::optional(run_->edited->edit) : std::nullopt;
}

std::string Permit::grant() const {
    return run_ ? run_->outcome.grant : std::string();
}

void Permit::refuse_edit(std::string_view why) {
    if (!run_) throw MisuseError("this permit is spent, or was moved from");
    refuse_as("the arguments that a reviewer edited do not fit: " + run_->scrubber.scrub(why));
}

void Permit::refuse_as_altered() {
    if (!run_) throw MisuseError("this permit is spent, or was moved from");
    refuse_as(run_->edited ? unread_edit_reason : altered_reason);
}

void Permit::refuse_as(const std::string& reason) {
    const auto storage = run_->storage;
    const RequestAlteredError refusal(run_->outcome.tool_name, request_of(run_->outcome), reason);
    run_->agent->tell(refusal);
    not_started("altered: " + reason);
    try {
        storage->flush();
    } catch (const StorageError&) {
        // The call is refused in any case; the storage keeps the outcome and tries again by itself.
    }
    throw refusal;
}

void Permit::executed() noexcept {
    finish(RunState::executed, {});
}

void Permit::executed(const Json& result) noexcept {
    std::string note;
    try {
        if (run_) note = run_->agent->recorded_result(*run_->under.policy, run_->outcome.tool_name, result);
    } catch (const std::exception&) {
        note = "its result cannot be shown";
    }
    finish(RunState::executed, note);
}

bool Permit::records_results() const noexcept {
    return run_ && run_->agent->records_results();
}

void Permit::failed(std::string_view error) noexcept {
    finish(RunState::failed, error);
}

ToolFailedError Permit::failed_within(const Error& error) {
    const std::string tool_name = run_ ? run_->outcome.tool_name : "the tool";
    const std::string request_id = run_ ? request_of(run_->outcome) : "";
    failed(error.what());
    return {tool_name, request_id, error};
}

void Permit::unknown(std::string_view reason) noexcept {
    finish(RunState::unknown, reason);
}

void Permit::not_started(std::string_view reason) noexcept {
    close(RunState::none, reason, [](Run& run, std::string text) {
        RunOutcome& allowed = run.outcome;
        run.storage->not_started({.entry_id = std::move(allowed.entry_id),
                                  .request_id = std::move(allowed.request_id),
                                  .tool_name = std::move(allowed.tool_name),
                                  .reason = std::move(text),
                                  .has_key = allowed.has_key,
                                  .grant = std::move(allowed.grant)});
    });
}

void Permit::finish(RunState state, std::string_view note) noexcept {
    close(state, note, [state](Run& run, std::string text) {
        run.outcome.state = state;
        run.outcome.note = std::move(text);
        tell(run, Event::Kind::ended, " ended as " + state_text(run.outcome));
        run.storage->finish(std::move(run.outcome));
    });
}

template <typename Report>
void Permit::close(RunState state, std::string_view words, Report report) noexcept {
    if (!run_) return;
    const std::unique_ptr<Run> run = std::move(run_);
    if (run->process != ::getpid()) return;
    run->scrubber.end();
    if (run->stop) run->stop->end(state);
    try {
        const std::string shown = run->scrubber.scrub(words);
        report(*run, text::shortened(run->stop ? run->stop->tell(shown) : shown, maximum_outcome_note_bytes));
    } catch (const StorageError& error) {
        run->agent->tell(error, run->outcome.tool_name);
    } catch (const std::exception&) {
        // The tool has run, and its result must reach the caller. The record still says that the tool may be running.
        // Later it will say unknown, which is true.
    }
}

}  // namespace approvekit
