#include "terminal/arrivals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace approvekit::terminal {
namespace {

constexpr std::chrono::milliseconds longest_wait(1000);
constexpr std::chrono::milliseconds pause_between_news(1000);

std::array<base::FileDescriptor, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
    for (const int end : ends) {
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
        ::fcntl(end, F_SETFL, O_NONBLOCK);
    }
    return {base::FileDescriptor(ends[0]), base::FileDescriptor(ends[1])};
}

}  // namespace

Arrivals::Arrivals(Storage& storage) : feed_(storage) {
    auto [readable, writable] = make_pipe();
    readable_ = std::move(readable);
    writable_ = std::move(writable);
    thread_ = std::jthread([this](const std::stop_token& stop) { follow(stop); });
}

RequestFeed::News Arrivals::take() {
    const std::lock_guard lock(mutex_);
    std::array<char, 16> bytes{};
    while (::read(readable_.get(), bytes.data(), bytes.size()) > 0) {
    }
    taken_.notify_all();
    return std::exchange(news_, {});
}

void Arrivals::follow(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        RequestFeed::News news = feed_.wait(longest_wait, stop);
        if (looks_again_.exchange(false)) news = {.changes = {}, .look_at_everything = true};
        if (!news.empty()) hand_over(std::move(news), stop);
    }
}

/// Until this returns, the feed collects what happens, up to as much as it can hold.
void Arrivals::hand_over(RequestFeed::News news, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    news_ = std::move(news);
    [[maybe_unused]] const auto written = ::write(writable_.get(), "", 1);
    taken_.wait(lock, stop, [this] { return news_.empty(); });
    taken_.wait_for(lock, stop, pause_between_news, [] { return false; });
}

}  // namespace approvekit::terminal
