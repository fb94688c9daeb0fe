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

/// Whether `done` is the last copy, so that nobody else can answer.
template <typename Result>
[[nodiscard]] bool is_last(const Completion<Result>& done) noexcept;

}  // namespace detail

/// The result of a tool whose work continues after the tool has returned:
///
///     kit.guard("fetch", {"url"}, [&](Completion<std::string> done, std::string url) {
///         client.get(url, [done](const std::string& page) { done.complete(page); });
///     });
///
/// The tool takes the completion by value as its first parameter, owns its arguments and returns void. Only the answer
/// ends the run in the record: as executed, failed or unknown.
///
/// Copies share one answer. When the last copy is destroyed without an answer, the run is recorded as unknown and its
/// caller gets an OutcomeUnknownError. Every copy may be used from any thread. A copy may outlive ticket, guarded tool,
/// kit and storage; its answer is then ignored, as it is in a forked child. Each of the functions below returns whether
/// it gave the first answer; later answers change nothing. A completion that was moved from throws MisuseError.
///
/// Code that waits for the end resumes on the thread that answers, before the answering function returns. Without an
/// answer, it resumes inside the destructor of the last copy. Tool, kit and storage may be destroyed there too, and
/// their destructors wait for their threads. So hold no locks when you answer and when you destroy a completion.
template <typename Result>
class Completion {
    static_assert(std::is_void_v<Result> || (std::is_object_v<Result> && !std::is_const_v<Result>),
                  "approvekit::Completion: the work ends with void or with a value of its own, not with a reference");

public:
    /// Guarded tools call this.
    explicit Completion(std::shared_ptr<detail::CompletionState<Result>> state)
        : answer_(std::make_shared<Answer>(std::move(state))) {}

    /// The work has ended with `result`. If moving the result to the caller throws, the caller gets that exception.
    template <typename Value = Result>
    requires(!std::is_void_v<Result> && std::is_convertible_v<Value, Result>) bool complete(Value&& result) const {
        return state().complete(static_cast<Result>(std::forward<Value>(result)));
    }
    bool complete() const requires(std::is_void_v<Result>) { return state().complete({}); }

    /// The work failed, as when a tool throws: OutcomeUnknownError makes the run unknown, and an Error of ApproveKit
    /// reaches the caller nested in a ToolFailedError. Throws MisuseError for a null pointer.
    bool fail(const std::exception_ptr& error) const { return state().fail(error); }

    /// Nobody can tell whether the work had its effect. The caller gets an OutcomeUnknownError.
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
