#include "web/connection_pool.hpp"

#include "approvekit/error.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <limits>
#include <system_error>

namespace approvekit::web {
namespace {

/// In addition to the streams: enough for every open page and script, and for some clients that do nothing.
constexpr std::size_t further_connections = 192;

/// For what the database opens later (its journals, the watch over its changes) and for connections that are closing.
constexpr std::size_t kept_files = 32;

/// One open page takes up to six connections and a stream.
constexpr std::size_t fewest_connections = 8;

std::size_t file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return std::numeric_limits<std::size_t>::max();
    }
    return static_cast<std::size_t>(limit.rlim_cur);
}

std::size_t open_files() {
    constexpr std::size_t guess = 64;
    std::error_code error;
    std::filesystem::directory_iterator at("/dev/fd", error);
    std::size_t count = 0;
    for (; !error && at != std::filesystem::directory_iterator(); at.increment(error))
        ++count;
    return error ? guess : count;
}

}  // namespace

Capacity Capacity::within_limits(std::size_t wanted_streams) {
    return within(file_limit(), open_files(), wanted_streams);
}

Capacity Capacity::within(std::size_t limit, std::size_t open, std::size_t wanted_streams) {
    const std::size_t wanted = wanted_streams + further_connections;
    const std::size_t taken = open + kept_files;
    const std::size_t left = limit > taken ? limit - taken : 0;
    if (left >= wanted) return {wanted, wanted_streams, {}};

    const std::string allowed = "this process may have " + std::to_string(limit) + " files open (ulimit -n)";
    if (left < fewest_connections) {
        throw Error(ErrorCode::server, allowed + ", of which " + std::to_string(open) +
                                           " are open already; that leaves no room for clients. Allow it " +
                                           std::to_string(taken + wanted) + ".");
    }
    const std::size_t streams = std::max<std::size_t>(1, left * wanted_streams / wanted);
    return {left, streams,
            allowed + ", so at most " + std::to_string(left) + " clients are served at once, " +
                std::to_string(streams) + " of them with an event stream"};
}

ConnectionPool::ConnectionPool(std::size_t capacity, std::function<void(ClientConnection&)> serve)
    : capacity_(capacity), serve_(std::move(serve)) {}

void ConnectionPool::take(base::FileDescriptor descriptor) {
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
    // The lock is released before the list is destroyed, whose threads need it for their last step.
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
        // Out of memory, most likely. The connection closes, which the client sees, and the others go on.
    }
    // Here, and not when somebody removes it: a process without descriptors takes no new connection, which would have
    // it removed.
    const std::lock_guard lock(mutex_);
    served.connection.socket().close();
    served.is_over = true;
}

}  // namespace approvekit::web
