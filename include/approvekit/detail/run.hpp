#pragma once

#include "approvekit/detail/argument_text.hpp"
#include "approvekit/detail/run_stop.hpp"
#include "approvekit/detail/taken_answer.hpp"
#include "approvekit/json.hpp"
#include "approvekit/outcome.hpp"
#include "approvekit/permit.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>
#include <variant>

namespace approvekit::detail {

/// Gives `call` the arguments that a reviewer edited, if any. Throws as Permit::refuse_edit does when its tool does not
/// accept them.
template <typename Call>
void take_edits(Permit& permit, Call& call) {
    const Json* const edited = permit.edited_arguments();
    if (edited == nullptr) return;
    try {
        if constexpr (requires { call.take_edited(*edited); }) {
            call.take_edited(*edited);
        } else {
            throw ArgumentMismatch("its tool takes no edited ones");
        }
    } catch (const std::exception& error) {
        permit.refuse_edit(error.what());
    } catch (...) {
        permit.refuse_edit("its tool cannot read them");
    }
}

/// The same for a call that was just admitted. Sets `edit` to what the reviewer changed.
template <typename Call>
Permit with_edits(Permit permit, Call& call, std::optional<CallEdit>& edit) {
    edit = permit.edit();
    take_edits(permit, call);
    return permit;
}

/// The arguments of a tool that takes JSON, when its caller waits.
struct JsonArguments {
    Json value;

    void take_edited(const Json& edited) { value = edited; }
};

/// Compares the arguments that the tool is about to get with those that were submitted.
template <typename Arguments>
void start(Permit& permit, Arguments& arguments) {
    try {
        permit.start(arguments());
    } catch (...) {
        if (permit.is_spent()) throw;
        permit.refuse_as_altered();  // a to_json that throws now but did not at submit
    }
}

/// `result` as the record keeps it; nothing if JSON cannot hold it.
template <typename Result>
std::optional<Json> recorded(const Result& result) {
    if constexpr (std::is_constructible_v<Json, const Result&> && !std::is_pointer_v<Result>) {
        try {
            return Json(result);
        } catch (...) {
            // If to_json throws anything: the tool has run all the same, and its caller gets the result.
        }
    }
    return std::nullopt;
}

/// Records that the tool returned, and also `result` if results are recorded.
template <typename Result>
void report(Permit& permit, const Result& result) {
    const auto json = permit.records_results() ? detail::recorded(result) : std::nullopt;
    if (json) return permit.executed(*json);
    permit.executed();
}

/// Runs `work` under `permit` and records how it ended. `arguments` returns the JSON of the arguments that `work` will
/// use.
template <typename Arguments, typename Work>
std::invoke_result_t<Work&> run_under(Permit permit, Arguments&& arguments, Work&& work) {
    using Result = std::invoke_result_t<Work&>;
    start(permit, arguments);
    try {
        if constexpr (std::is_void_v<Result>) {
            work();
            permit.executed();
        } else {
            Result result = work();
            report<std::remove_cvref_t<Result>>(permit, result);
            return static_cast<Result>(std::forward<Result>(result));
        }
    } catch (const OutcomeUnknownError& error) {
        permit.unknown(error.what());
        throw;
    } catch (const Error& error) {
        throw permit.failed_within(error);
    } catch (const std::exception& error) {
        permit.failed(error.what());
        throw;
    } catch (...) {
        permit.failed("an exception that is not a std::exception");
        throw;
    }
}

/// The same for a tool that is asked to stop when `caller` is, or when its run_timeout has passed: `work` gets the
/// token. Throws RunStoppedError, whatever the tool then did, if it was asked before it had ended.
template <typename Arguments, typename Work>
std::invoke_result_t<Work&, std::stop_token> run_stoppable(Permit permit, const std::stop_token& caller,
                                                           Arguments&& arguments, Work&& work) {
    using Result = std::invoke_result_t<Work&, std::stop_token>;
    permit.expect_start();
    const std::shared_ptr<RunStop> stop = permit.stoppable(caller);
    const auto run = [&]() -> Result {
        return run_under(std::move(permit), arguments, [&]() -> Result { return work(stop->token()); });
    };
    try {
        if constexpr (std::is_void_v<Result>) {
            run();
            stop->throw_if_stopped();
        } else {
            Result result = run();
            stop->throw_if_stopped();
            return static_cast<Result>(std::forward<Result>(result));
        }
    } catch (...) {
        stop->throw_if_stopped();
        throw;
    }
}

/// Runs `work`. If a reviewer answered and the answer has its type, the answer is the result.
template <typename Result, typename Work>
Result or_answer(Work&& work) {
    if constexpr (takes_answers<Result>) {
        try {
            return work();
        } catch (const AnsweredError& error) {
            auto answer = read_answer<Result>(error.answer().value);
            if (!answer) throw;
            return *std::move(answer);
        }
    } else {
        return work();
    }
}

/// Runs `work`. Refusals become values: of this call, and of a call that its tool made.
template <typename Result, typename Work>
Outcome<Result> attempt(Work&& work) {
    try {
        if constexpr (std::is_void_v<Result>) {
            work();
            return std::monostate{};
        } else {
            return Outcome<Result>(work());
        }
    } catch (const AnsweredError& error) {
        return answered_outcome<Result>(error);
    } catch (const RefusedError& error) {
        return describe(error);
    } catch (const ToolFailedError& error) {
        return describe(error);
    } catch (const RunStoppedError& error) {
        return describe(error);
    }
}

}  // namespace approvekit::detail
