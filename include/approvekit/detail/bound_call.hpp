#pragma once

#include "approvekit/completion.hpp"
#include "approvekit/detail/run.hpp"
#include "approvekit/detail/tool_shape.hpp"
#include "approvekit/json.hpp"
#include "approvekit/permit.hpp"

#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <stop_token>
#include <type_traits>
#include <utility>

namespace approvekit::detail {

/// Starts a tool whose work continues after it has returned. `owner` keeps the tool alive as long as the work
/// continues; `work` calls it with a completion and a stop token. Throws errors from before the tool starts. An
/// exception of the tool becomes the end of its work, unless it answered before.
template <typename Call, typename Arguments, typename Work>
std::shared_ptr<typename Call::Run> start_later(Permit permit, const std::stop_token& caller,
                                                std::shared_ptr<const void> owner, Arguments&& arguments, Work&& work) {
    permit.expect_start();
    const std::shared_ptr<RunStop> stop = Call::Kind::can_stop ? permit.stoppable(caller) : nullptr;
    const auto run = std::make_shared<typename Call::Run>(std::move(permit), stop);
    // kept to the end, so that an exception is not taken for a dropped completion
    const Completion<typename Call::Completed> done(run);
    start(run->permit(), arguments);
    run->enter(run, std::move(owner));
    try {
        work(Completion<typename Call::Completed>(done), stop ? stop->token() : std::stop_token());
    } catch (...) {
        run->end_thrown(std::current_exception(), !is_last(done));
    }
    run->leave_thread();
    return run;
}

/// Runs a call of any kind to the end of its work. `arguments` returns the JSON of the arguments that `work` will use.
template <typename Call, typename Arguments, typename Work>
typename Call::Result run_call(Permit permit, const std::stop_token& caller, std::shared_ptr<const void> owner,
                               Arguments&& arguments, Work&& work) {
    using Result = typename Call::Result;
    if constexpr (Call::Kind::ends_later) {
        const auto run = start_later<Call>(std::move(permit), caller, std::move(owner), arguments, work);
        run->wait();
        return run->take();
    } else if constexpr (Call::Kind::can_stop) {
        return run_stoppable(std::move(permit), caller, arguments,
                             [&](const std::stop_token& stop) -> Result { return work(stop); });
    } else {
        return run_under(std::move(permit), arguments, [&]() -> Result { return work(); });
    }
}

/// A tool with its captured arguments, ready to run once. Its functions take the permit of a claimed call.
template <typename Result>
class BoundCall {
public:
    virtual ~BoundCall() = default;
    /// Runs it to the end of its work. Throws what the tool throws, and errors from before the tool starts.
    virtual Result run(Permit permit, const std::stop_token& stop) = 0;
    /// The same, but does not wait for work that ends later. Throws only errors from before the tool starts.
    virtual void start(Permit permit, const std::stop_token& stop) = 0;

    /// Whether the work continues after the tool has returned.
    [[nodiscard]] virtual bool ends_later() const noexcept = 0;
    /// Whether it was started and its result was not taken yet.
    [[nodiscard]] virtual bool is_started() const noexcept = 0;
    [[nodiscard]] virtual bool has_ended() const = 0;
    /// As RunningCall::on_ended.
    [[nodiscard]] virtual bool on_ended(std::function<void()> listener) = 0;
    /// Waits for the end of the started call. May be called once.
    virtual Result take(const std::stop_token& stop) = 0;
    /// Asks the started call to stop, now and when `stop` is requested.
    virtual void cancel() noexcept = 0;
    virtual void follow(const std::stop_token& stop) = 0;
};

/// For what the ticket's constructor was given, if it does not say its kind: a call that run() runs to its end.
template <typename ResultType, typename Captured>
struct PlainCall {
    using Kind = ToolKind<void>;
    using Result = ResultType;
};

template <typename Result, typename Captured>
struct CallOf {
    using Type = PlainCall<Result, Captured>;
};
template <typename Result, typename Captured>
requires requires {
    typename Captured::Kind;
}
struct CallOf<Result, Captured> {
    using Type = Captured;
};

/// A call that has ended when its tool returns.
template <typename Result, typename Captured>
class BoundTool final : public BoundCall<Result> {
    using Call = typename CallOf<Result, Captured>::Type;

public:
    explicit BoundTool(Captured captured) : captured_(std::move(captured)) {}

    Result run(Permit permit, const std::stop_token& stop) override {
        bool has_begun = false;
        return run_noting(has_begun, std::move(permit), stop);
    }

    void start(Permit permit, const std::stop_token& stop) override {
        permit.expect_start();
        std::promise<Result> promise;
        bool has_begun = false;
        try {
            if constexpr (std::is_void_v<Result>) {
                run_noting(has_begun, std::move(permit), stop);
                promise.set_value();
            } else {
                promise.set_value(run_noting(has_begun, std::move(permit), stop));
            }
        } catch (...) {
            if (!has_begun) throw;
            promise.set_exception(std::current_exception());
        }
        kept_ = promise.get_future();
    }

    [[nodiscard]] bool ends_later() const noexcept override { return false; }
    [[nodiscard]] bool is_started() const noexcept override { return kept_.valid(); }
    [[nodiscard]] bool has_ended() const override { return true; }
    [[nodiscard]] bool on_ended(std::function<void()>) override { return false; }
    Result take(const std::stop_token&) override { return kept_.get(); }
    void cancel() noexcept override {}
    void follow(const std::stop_token&) override {}

private:
    /// Sets `has_begun` to whether the tool was reached.
    Result run_noting(bool& has_begun, Permit permit, const std::stop_token& stop) {
        take_edits(permit, captured_);
        return run_call<Call>(
            std::move(permit), stop, nullptr, [this] { return captured_.arguments(); },
            [&](const auto&... control) -> Result {
                has_begun = true;
                return captured_.run(control...);
            });
    }

    Captured captured_;
    std::future<Result> kept_;
};

/// A call whose work continues. Work that is still running when this is destroyed is asked to stop.
template <typename Result, typename Captured>
class BoundLater final : public BoundCall<Result> {
public:
    explicit BoundLater(Captured captured) : captured_(std::move(captured)) {}
    ~BoundLater() override { cancel(); }

    BoundLater(const BoundLater&) = delete;
    BoundLater& operator=(const BoundLater&) = delete;

    Result run(Permit permit, const std::stop_token& stop) override {
        start(std::move(permit), stop);
        return take({});
    }

    void start(Permit permit, const std::stop_token& stop) override {
        take_edits(permit, captured_);
        run_ = start_later<Captured>(
            std::move(permit), stop, captured_.owner(), [this] { return captured_.arguments(); },
            [this](auto&&... control) { captured_.run(std::forward<decltype(control)>(control)...); });
    }

    [[nodiscard]] bool ends_later() const noexcept override { return true; }
    [[nodiscard]] bool is_started() const noexcept override { return run_ != nullptr; }
    [[nodiscard]] bool has_ended() const override { return run_ && run_->has_ended(); }
    [[nodiscard]] bool on_ended(std::function<void()> listener) override {
        const auto run = run_;  // a listener may destroy this
        return run->on_ended(std::move(listener));
    }

    Result take(const std::stop_token& stop) override {
        {
            const std::stop_callback cancelled(stop, [this] { run_->cancel(); });
            run_->wait();
        }
        return std::exchange(run_, nullptr)->take();
    }

    void cancel() noexcept override {
        if (const auto run = run_) run->cancel();  // a listener may destroy this
    }
    void follow(const std::stop_token& stop) override {
        if (const auto run = run_) run->follow(stop);
    }

private:
    Captured captured_;
    std::shared_ptr<typename Captured::Run> run_;
};

template <typename Result, typename Captured>
std::unique_ptr<BoundCall<Result>> bind(Captured captured) {
    if constexpr (CallOf<Result, Captured>::Type::Kind::ends_later) {
        return std::make_unique<BoundLater<Result, Captured>>(std::move(captured));
    } else {
        return std::make_unique<BoundTool<Result, Captured>>(std::move(captured));
    }
}

}  // namespace approvekit::detail
