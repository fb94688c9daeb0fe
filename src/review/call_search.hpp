#pragma once

#include "approvekit/recorded_call.hpp"
#include "review/call_reader.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace approvekit::review {

/// Finds the calls that a query asks for, one after the other. Keeps references to the record and the query. Not
/// thread-safe.
class CallSearch {
public:
    /// Throws StorageError, and Error (invalid_option) for a cursor that no page handed out.
    CallSearch(Storage& record, const CallQuery& query);

    /// Returns nothing at the end, and after looking at as many entries as the query allows. Throws StorageError.
    [[nodiscard]] std::optional<RecordedCall> next();

    /// Returns nothing at the end, and if it has looked at `most_entries` entries without finding such a call; the next
    /// time it goes on from there. Throws StorageError.
    [[nodiscard]] std::optional<RecordedCall> next_within(std::size_t most_entries);

    /// Whether none is left.
    [[nodiscard]] bool is_at_end() const noexcept { return is_at_end_; }

    /// Returns where to go on after what was looked at; empty at the end.
    [[nodiscard]] std::string cursor() const { return is_at_end_ ? std::string() : reader_.cursor(); }

    [[nodiscard]] std::size_t entries_read() const noexcept { return reader_.entries_read() - read_before_; }

    /// Returns how far back in time it looked if `next`, a cursor of this search, says that there is more; otherwise
    /// nothing.
    [[nodiscard]] std::optional<Time> reached(const std::string& next) const {
        return next.empty() ? std::nullopt : std::optional(reader_.reached());
    }

    /// Looks up who asked for the call.
    void name_agent(RecordedCall& call) const;

private:
    [[nodiscard]] bool is_before_all(const AuditEntry& decision) const;
    [[nodiscard]] bool is_asked_for(RecordedCall& call) const;
    [[nodiscard]] bool has_text(const RecordedCall& call) const;

    Storage& record_;
    const CallQuery& query_;
    const std::string lower_text_;
    CallReader reader_;
    const std::size_t read_before_ = reader_.entries_read();
    bool is_at_end_ = false;
};

/// Whether a page has room for another call, by the number of its calls and, roughly, by their size. A plain value.
class PageRoom {
public:
    static constexpr std::size_t most_bytes = std::size_t{8} << 20;

    explicit PageRoom(std::size_t most_calls) : calls_left_(most_calls) {}

    [[nodiscard]] bool is_left() const noexcept { return calls_left_ > 0 && bytes_ < most_bytes; }
    void take(const RecordedCall& call);

private:
    std::size_t calls_left_;
    std::size_t bytes_ = 0;
};

}  // namespace approvekit::review
