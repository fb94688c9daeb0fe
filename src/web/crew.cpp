#include "web/crew.hpp"

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

namespace approvekit::web {

Crew::Crew(std::size_t capacity, std::function<void(Connection&)> serve)
    : capacity_(capacity), serve_(std::move(serve)) {}

void Crew::take(FileDescriptor descriptor) {
    const std::lock_guard lock(mutex_);
    remove_ended();
    if (stopped_ || !make_room()) return;
    Post& post = posts_.emplace_back(std::move(descriptor));
    try {
        post.thread = std::jthread([this, &post] { run(post); });
    } catch (const std::system_error&) {
        // The system gives no more threads: this client is turned away, the others stay.
        posts_.pop_back();
    }
}

void Crew::stop() noexcept {
    std::list<Post> leaving;
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        leaving.swap(posts_);
    }
    for (Post& post : leaving)
        post.connection.socket().shut_down();
}

void Crew::remove_ended() {
    posts_.remove_if([](const Post& post) { return post.is_over.load(); });
}

bool Crew::make_room() {
    const auto stays = [](const Post& post) { return !post.is_dismissed; };
    if (static_cast<std::size_t>(std::count_if(posts_.begin(), posts_.end(), stays)) < capacity_) return true;
    const auto longest = std::min_element(posts_.begin(), posts_.end(), [&](const Post& left, const Post& right) {
        if (left.is_dismissed != right.is_dismissed) return right.is_dismissed;
        return left.connection.waiting_since() < right.connection.waiting_since();
    });
    if (longest->connection.waiting_since() == std::chrono::steady_clock::time_point::max()) return false;
    longest->is_dismissed = true;
    longest->connection.socket().shut_down();
    return true;
}

void Crew::run(Post& post) {
    try {
        serve_(post.connection);
    } catch (const std::exception&) {
        // Out of memory, most likely: the connection closes, which the client sees, and the others go on.
    }
    post.connection.socket().shut_down();
    post.is_over = true;
}

}  // namespace approvekit::web
