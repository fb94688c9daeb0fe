#pragma once

#include "approvekit/recorded_call.hpp"
#include "review/call_assembly.hpp"
#include "review/call_cursor.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::review {

/// Reads the calls on record, those that were decided last first. Its cursor can resume it. Leaves out calls that were
/// decided since it began. Holds one page of entries, and the entries whose decision is yet to come. Keeps a reference
/// to the record. Not thread-safe.
class CallReader {
public:
    /// If more entries than this were written since a cursor was made, the cursor is too old.
    static constexpr std::size_t most_entries_since = 100'000;

    /// Starts from the newest call, or from where the reader of `cursor` was. Reads only the calls of one request if
    /// `request_id` names one. Throws StorageError, and Error (invalid_option) for a cursor that no reader made or that
    /// is too old.
    explicit CallReader(Storage& record, std::string_view cursor = {}, std::string request_id = {});

    /// Returns the next call. Returns nothing at the end, and if it has read `most_entries` entries without finding a
    /// call; the next time it goes on from there. Throws StorageError.
    [[nodiscard]] std::optional<RecordedCall> next(std::size_t most_entries = std::numeric_limits<std::size_t>::max());

    /// Whether no call is left.
    [[nodiscard]] bool is_at_end() const noexcept { return is_at_end_; }

    /// Returns where to go on after the last call; empty at the end.
    [[nodiscard]] std::string cursor() const;

    [[nodiscard]] std::size_t entries_read() const noexcept { return entries_read_; }

    /// Returns the time of the entry that was read last.
    [[nodiscard]] Time reached() const noexcept { return reached_; }

private:
    void begin();
    void resume(const CallCursor& cursor);
    void read_since(std::int64_t head);
    void read_again(std::string cursor, std::int64_t down_to);
    void read_named(std::int64_t place);
    /// Keeps what the entry says about a call that an older entry decides.
    void keep(AuditEntry entry);
    [[nodiscard]] bool read_page();
    [[nodiscard]] AuditPage page_behind(std::string cursor, std::size_t limit) const;
    /// Returns the entries that wait for their decision, newest first, of those that existed when the reading began.
    [[nodiscard]] std::vector<std::int64_t> kept() const;
    [[nodiscard]] std::optional<RecordedCall> take_left();
    [[nodiscard]] std::optional<RecordedCall> call_with(AuditEntry entry);
    [[nodiscard]] bool is_decided_before(const AuditEntry& refusal);
    [[nodiscard]] std::optional<std::int64_t> decision_before(const AuditEntry& refusal) const;

    /// The decision before a refusal, as far as it was looked up; nothing if there is none.
    struct LookedUp {
        std::int64_t refusal = 0;
        std::optional<std::int64_t> decision;
    };

    Storage& record_;
    const std::string request_id_;
    // By request, so that many refusals of one request cost no more reading.
    std::map<std::string, LookedUp> looked_up_;
    CallAssembly assembly_;
    AuditPage page_;
    std::size_t at_ = 0;  // within the page
    bool is_last_page_ = false;
    bool is_at_end_ = false;
    std::int64_t head_ = 0;  // the newest entry when the reading began
    std::int64_t below_ = 0;
    std::size_t entries_read_ = 0;
    Time reached_{};
};

}  // namespace approvekit::review
