#include "web/connection_pool.hpp"

#include <algorithm>
#include <exception>
#include <system_error>

namespace approvekit::web {

ConnectionPool::ConnectionPool(std::size_t capacity, std::function<void(ClientConnection&)> serve)
    : capacity_(capacity), serve_(std::move(serve)) {}

void ConnectionPool::take(FileDescriptor descriptor) {
    const std::lock_guard lock(mutex_);
    remove_ended();
    if (stopped_ || (!has_room() && !dismiss_one())) return;
    Served& served = served_.emplace_back(std::move(descriptor));
    try {
        served.thread = std::jthread([this, &served] { run(served); });
    } catch (const std::system_error&) {
        // The system gives no more threads: this client is turned away, the others stay.
        served_.pop_back();
    }
}

void ConnectionPool::make_room() {
    const std::lock_guard lock(mutex_);
    remove_ended();
    dismiss_one();
}

void ConnectionPool::stop() noexcept {
    std::list<Served> leaving;
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (Served& served : served_)
        served.connection.socket().shut_down();
    leaving.swap(served_);
    // The lock goes before the list, whose threads need it for their last step.
}

void ConnectionPool::remove_ended() {
    served_.remove_if([](const Served& served) { return served.is_over; });
}

bool ConnectionPool::has_room() const {
    const auto stays = [](const Served& served) { return !served.is_over && !served.is_dismissed; };
    return static_cast<std::size_t>(std::count_if(served_.begin(), served_.end(), stays)) < capacity_;
}

bool ConnectionPool::dismiss_one() {
    Served* first = nullptr;
    ClientConnection::Standing least{true, ClientConnection::Clock::time_point::max()};
    for (Served& served : served_) {
        const auto standing = served.connection.standing();
        if (served.is_over || served.is_dismissed || standing >= least) continue;
        first = &served;
        least = standing;
    }
    if (first == nullptr) return false;
    first->is_dismissed = true;
    first->connection.socket().shut_down();
    return true;
}

void ConnectionPool::run(Served& served) {
    try {
        serve_(served.connection);
    } catch (const std::exception&) {
        // Out of memory, most likely: the connection closes, which the client sees, and the others go on.
    }
    // Here and not when somebody removes it, since a process without descriptors takes no connection that would have
    // it removed.
    const std::lock_guard lock(mutex_);
    served.connection.socket().close();
    served.is_over = true;
}

}  // namespace approvekit::web
