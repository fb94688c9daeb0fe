#include "agent/call_scrubber.hpp"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace approvekit::detail {
namespace {

constexpr std::size_t most_inner = 256;

}  // namespace

struct CallScrubber::State {
    State(Scrubber own_secrets, std::shared_ptr<State> around)
        : own(std::move(own_secrets)), outer(std::move(around)) {}

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

    /// The calls that this thread runs, the innermost last.
    static std::vector<std::weak_ptr<State>>& running() {
        thread_local std::vector<std::weak_ptr<State>> calls;
        std::erase_if(calls, [](const std::weak_ptr<State>& call) {
            const auto state = call.lock();
            return !state || state->ended;
        });
        return calls;
    }

    const Scrubber own;
    const std::shared_ptr<State> outer;
    std::atomic<bool> ended = false;

    mutable std::mutex mutex;
    std::vector<Scrubber> inner;
    bool knows_all = true;
};

CallScrubber::CallScrubber(const Scrubber& own) {
    const auto& calls = State::running();
    state_ = std::make_shared<State>(own, calls.empty() ? nullptr : calls.back().lock());
    if (own.empty()) return;
    for (State* around = state_->outer.get(); around != nullptr; around = around->outer.get())
        around->learn(own);
}

void CallScrubber::begin() const {
    if (state_) State::running().push_back(state_);
}

void CallScrubber::end() const noexcept {
    if (state_) state_->ended = true;
}

std::string CallScrubber::scrub(std::string_view text) const {
    std::string scrubbed(text);
    if (!state_) return scrubbed;
    scrubbed = state_->scrub_inner(state_->own.scrub(scrubbed));
    for (const State* around = state_->outer.get(); around != nullptr; around = around->outer.get())
        scrubbed = around->own.scrub(scrubbed);
    return scrubbed;
}

}  // namespace approvekit::detail
