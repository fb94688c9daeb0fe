#pragma once

#include "approvekit/storage.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::web {

/// What happened since a server started, numbered one by one, the last of it. However many read along, and however
/// slowly, it is kept once. Thread-safe.
class EventLog {
public:
    /// Some 400 kB of usual ids; never more than 1.5 MB.
    static constexpr std::size_t usual_most = 4096;

    /// A longer id, which only another program makes, is not kept: readers look at everything instead.
    static constexpr std::size_t longest_id = 256;

    /// How much a reader is given at once.
    static constexpr std::size_t most_at_once = 256;

    explicit EventLog(std::size_t most = usual_most) : most_(most) {}

    struct Event {
        std::uint64_t number = 0;
        Change change;
    };

    /// What a reader is told.
    struct News {
        /// In the order of their numbers, of each request the last one only.
        std::vector<Event> events;
        std::uint64_t last = 0;     ///< the number up to which the reader has heard everything then
        bool is_forgotten = false;  ///< some of it is not kept any more, and nothing of it is told
        bool is_blind = false;      ///< the storage tells of nothing any more
        bool is_closed = false;
    };

    /// Never throws: without memory for it, readers look at everything instead.
    void add(const Change& change) noexcept;

    /// The storage can no longer tell of changes.
    void set_blind() noexcept;

    /// Ends all waiting, now and later.
    void close() noexcept;

    /// What happened after event `number`, waiting for it for `patience` at most.
    [[nodiscard]] News wait_after(std::uint64_t number, std::chrono::milliseconds patience);

    /// The number of the last event; 0 before the first.
    [[nodiscard]] std::uint64_t last() const;

    /// What a client may send back to go on after event `number`. No other log has the same.
    [[nodiscard]] std::string id_of(std::uint64_t number) const;

    /// The number in such a text; nothing where this log has not written it.
    [[nodiscard]] std::optional<std::uint64_t> number_of(std::string_view id) const;

    /// Whether everything after event `number` is known.
    [[nodiscard]] bool can_go_on_after(std::uint64_t number) const;

private:
    void keep(const Change& change);
    [[nodiscard]] bool is_forgotten(std::uint64_t number) const;
    [[nodiscard]] std::vector<Event> latest_after(std::uint64_t number) const;

    const std::size_t most_;
    const std::string name_ = random_name();
    mutable std::mutex mutex_;
    std::condition_variable_any came_;
    std::deque<Event> events_;
    std::uint64_t last_ = 0;
    bool is_blind_ = false;
    bool is_closed_ = false;

    [[nodiscard]] static std::string random_name();
};

}  // namespace approvekit::web
