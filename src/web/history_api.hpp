#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/reviewer.hpp"
#include "web/answer.hpp"

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit::web {

/// The statistics of the record, which take much reading. What was read for a period is told again for a moment, and
/// whoever asks meanwhile waits for it. Thread-safe.
class RecordStatistics {
public:
    static constexpr std::chrono::seconds validity{5};

    /// Keeps references to both.
    RecordStatistics(Storage& storage, const Clock& clock) : storage_(storage), clock_(clock) {}

    /// `query` is as it came; `is_wanted` as read_statistics() takes it. Throws Error (invalid_option) for a query that
    /// it does not take, and like read_statistics().
    [[nodiscard]] Json read(std::string_view query, const std::function<bool()>& is_wanted);

private:
    Storage& storage_;
    const Clock& clock_;
    std::mutex mutex_;
    std::string query_;
    std::optional<std::chrono::microseconds> read_at_;
    Json statistics_;
};

/// The routes of the past: calls, their number, their export, and the statistics. Queries are as they came, not
/// decoded. Thread-safe. All throw Error (invalid_option) for a query that is not understood, and StorageError.
class HistoryApi {
public:
    /// Keeps references to both.
    HistoryApi(Reviewer& reviewer, const Clock& clock)
        : storage_(reviewer.storage()), clock_(clock), statistics_(reviewer.storage(), clock) {}

    [[nodiscard]] Answer calls(std::string_view query) const;
    [[nodiscard]] Answer count(std::string_view query) const;
    [[nodiscard]] Answer call(std::string_view place) const;
    [[nodiscard]] Answer export_calls(std::string_view query) const;
    /// Also throws Error (cancelled) if it is no longer wanted.
    [[nodiscard]] Answer statistics(std::string_view query, const std::function<bool()>& is_wanted);

private:
    [[nodiscard]] std::string now() const { return to_text(clock_.now()); }

    Storage& storage_;
    const Clock& clock_;
    RecordStatistics statistics_;
};

}  // namespace approvekit::web
