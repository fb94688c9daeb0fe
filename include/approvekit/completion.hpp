#pragma once

#include "approvekit/detail/completion_state.hpp"
#include "approvekit/error.hpp"

#include <exception>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace approvekit {

template <typename Result>
class Completion;

namespace detail {

/// Whether there is no copy of `done` left by which somebody else could answer.
template <typename Result>
[[nodiscard]] bool is_last(const Completion<Result>& done) noexcept;

}  // namespace detail

/// What a tool says at last, whose work goes on after it has returned:
///
///     kit.guard("fetch", {"url"}, [&](Completion<std::string> done, std::string url) {
///         client.get(url, [done](const std::string& page) { done.complete(page); });
///     });
///
/// The tool takes it by value as its first parameter, owns its arguments and returns void. Only the answer ends the run
/// on record: as executed, failed or unknown.
///
/// Copies share one answer. Once the last of them is gone without one, the run is unknown and its caller is told so.
/// Any of them may be used from any thread, and outlive ticket, guarded tool, kit and storage; the answer then goes
/// nowhere, as it does in a forked child. Each of these returns whether it was the first answer; a later one changes
/// nothing. One that was moved from throws MisuseError.
///
/// Whatever waits for the end goes on, on the thread that answers, before the answering function returns, and within
/// the destructor of the last copy where there was no answer. The tool, kit and storage may go there too, which waits
/// for their threads. So answer, and let go of completions, without locks held.
template <typename Result>
class Completion {
    static_assert(std::is_void_v<Result> || (std::is_object_v<Result> && !std::is_const_v<Result>),
                  "approvekit::Completion: the work ends with void or with a value of its own, not with a reference");

public:
    /// Ready-made by guarded tools.
    explicit Completion(std::shared_ptr<detail::CompletionState<Result>> state)
        : answer_(std::make_shared<Answer>(std::move(state))) {}

    /// The work has ended, with `result`. What throws when it is moved to the caller is what the caller gets.
    template <typename Value = Result>
    requires(!std::is_void_v<Result> && std::is_convertible_v<Value, Result>) bool complete(Value&& result) const {
        return state().complete(static_cast<Result>(std::forward<Value>(result)));
    }
    bool complete() const requires(std::is_void_v<Result>) { return state().complete({}); }

    /// It failed. As when a tool throws: OutcomeUnknownError makes it unknown, and an Error of ApproveKit reaches the
    /// caller within a ToolFailedError. Throws MisuseError for a null pointer.
    bool fail(const std::exception_ptr& error) const { return state().fail(error); }

    /// Nobody can tell whether it had its effect: the caller gets an OutcomeUnknownError.
    bool unknown(std::string_view reason) const { return state().unknown(reason); }

private:
    template <typename Any>
    friend bool detail::is_last(const Completion<Any>& done) noexcept;

    struct Answer {
        explicit Answer(std::shared_ptr<detail::CompletionState<Result>> the_state) : state(std::move(the_state)) {}
        ~Answer() { state->drop(); }
        Answer(const Answer&) = delete;
        Answer& operator=(const Answer&) = delete;

        std::shared_ptr<detail::CompletionState<Result>> state;
    };

    [[nodiscard]] detail::CompletionState<Result>& state() const {
        if (!answer_) throw MisuseError("this completion was moved from");
        return *answer_->state;
    }

    std::shared_ptr<Answer> answer_;
};

template <typename Result>
bool detail::is_last(const Completion<Result>& done) noexcept {
    return done.answer_.use_count() == 1;
}

}  // namespace approvekit
