#include "web/sweeper.hpp"

#include "approvekit/error.hpp"

namespace approvekit::web {

Sweeper::Sweeper(Storage& storage, std::chrono::milliseconds period)
    : storage_(storage), period_(period), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Sweeper::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        sweep();
        wake_.wait_for(lock, stop, period_, [] { return false; });
    }
}

void Sweeper::sweep() {
    try {
        storage_.sweep();
        healthy_ = true;
    } catch (const Error&) {
        // The next round tries again; until then /api/health says so.
        healthy_ = false;
    }
}

}  // namespace approvekit::web
