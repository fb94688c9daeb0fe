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

/// Gives `call` the arguments that a reviewer edited, where one did. Throws what Permit::refuse_edit does for those that
/// its tool does not take.
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

/// The same of a call that was admitted just now. `edit` is to say what the reviewer changed.
template <typename Call>
Permit with_edits(Permit permit, Call& call, std::optional<CallEdit>& edit) {
    edit = permit.edit();
    take_edits(permit, call);
    return permit;
}

/// The arguments of a tool that takes JSON, where its caller waits.
struct JsonArguments {
    Json value;

    void take_edited(const Json& edited) { value = edited; }
};

/// Has the arguments that the tool is about to get compared with those that were submitted.
template <typename Arguments>
void start(Permit& permit, Arguments& arguments) {
    try {
        permit.start(arguments());
    } catch (...) {
        if (permit.is_spent()) throw;
        permit.refuse_as_altered();  // a to_json that throws now and did not when it was submitted
    }
}

/// `result` as the record keeps it; nothing where JSON cannot hold it.
template <typename Result>
std::optional<Json> recorded(const Result& result) {
    if constexpr (std::is_constructible_v<Json, const Result&> && !std::is_pointer_v<Result>) {
        try {
            return Json(result);
        } catch (...) {
            // A to_json that throws, whatever it be: the tool has run all the same, and its caller gets the result.
        }
    }
    return std::nullopt;
}

/// Records that the tool returned `result`, and what it is where that is asked for.
template <typename Result>
void report(Permit& permit, const Result& result) {
    const auto json = permit.records_results() ? detail::recorded(result) : std::nullopt;
    if (json) return permit.executed(*json);
    permit.executed();
}

/// Runs `work` under `permit` and records how it ended. `arguments` returns the JSON of what `work` is about to use.
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

/// The same for a tool that is asked to stop when `caller` is, or when its time is over: `work` gets its token. Throws
/// RunStoppedError, whatever the tool then did, when it was asked before it had ended.
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

/// Runs `work`, and takes a reviewer's answer for its result where that has its type.
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

/// Runs `work`; a refusal becomes a value, its own as well as one that its tool ran into.
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
