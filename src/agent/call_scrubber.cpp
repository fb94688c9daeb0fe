#include "agent/call_scrubber.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace approvekit::detail {
namespace {

constexpr std::size_t most_inner = 256;

}  // namespace

/// What is known about one call. Refers to no other call, so that no part of a call outlives the calls within it.
struct CallScrubber::Secrets {
    Secrets(Scrubber own_secrets, Scrubber own_context)
        : own(std::move(own_secrets)), context(std::move(own_context)) {}

    [[nodiscard]] std::string scrub_own(std::string_view text) const { return context.scrub(own.scrub(text)); }

    void learn(const Scrubber& secrets) {
        const std::lock_guard lock(mutex);
        if (inner.size() < most_inner) {
            inner.push_back(secrets);
        } else {
            knows_all = false;
        }
    }

    [[nodiscard]] std::string scrub_inner(std::string text) const {
        const std::lock_guard lock(mutex);
        if (!knows_all && !text.empty()) return std::string(redacted_text);
        for (const Scrubber& secrets : inner)
            text = secrets.scrub(text);
        return text;
    }

    const Scrubber own;
    const Scrubber context;
    std::atomic<bool> ended = false;

    mutable std::mutex mutex;
    std::vector<Scrubber> inner;
    bool knows_all = true;
};

/// A call, and the calls that it is within.
struct CallScrubber::State {
    using Around = std::vector<std::shared_ptr<Secrets>>;

    State(const Scrubber& own, const Scrubber& context) : secrets(std::make_shared<Secrets>(own, context)) {}

    /// Records that the call is within every call that this thread is running, and within the calls around those.
    void enter_running() {
        for (const auto& call : running()) {
            const auto outer = call.lock();
            if (!outer || outer.get() == this) continue;
            enter(outer->secrets);
            for (const auto& further : outer->calls_around())
                enter(further);
        }
    }

    void enter(const std::shared_ptr<Secrets>& outer) {
        if (outer->ended || outer == secrets) return;
        {
            const std::lock_guard lock(mutex);
            if (std::find(around.begin(), around.end(), outer) != around.end()) return;
            around.push_back(outer);
        }
        for (const Scrubber& known : {secrets->own, secrets->context}) {
            if (!known.empty()) outer->learn(known);
        }
    }

    [[nodiscard]] Around calls_around() const {
        const std::lock_guard lock(mutex);
        return around;
    }

    /// Returns the calls that this thread is running.
    static std::vector<std::weak_ptr<State>>& running() {
        thread_local std::vector<std::weak_ptr<State>> calls;
        std::erase_if(calls, [](const std::weak_ptr<State>& call) {
            const auto state = call.lock();
            return !state || state->secrets->ended;
        });
        return calls;
    }

    const std::shared_ptr<Secrets> secrets;

private:
    mutable std::mutex mutex;
    Around around;
};

CallScrubber::CallScrubber(const Scrubber& own, const Scrubber& context)
    : state_(std::make_shared<State>(own, context)) {
    state_->enter_running();
}

void CallScrubber::begin() const {
    if (!state_) return;
    state_->enter_running();
    State::running().push_back(state_);
}

void CallScrubber::end() const noexcept {
    if (state_) state_->secrets->ended = true;
}

void CallScrubber::leave_thread() const noexcept {
    if (!state_) return;
    std::erase_if(State::running(), [this](const std::weak_ptr<State>& call) { return call.lock() == state_; });
}

std::string CallScrubber::scrub(std::string_view text) const {
    if (!state_) return std::string(text);
    std::string scrubbed = state_->secrets->scrub_inner(state_->secrets->scrub_own(text));
    for (const auto& outer : state_->calls_around())
        scrubbed = outer->scrub_own(scrubbed);
    return scrubbed;
}

}  // namespace approvekit::detail
