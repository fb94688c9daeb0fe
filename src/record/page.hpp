#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace approvekit {
struct ApprovalRequest;
}

namespace approvekit::record {

/// Adds to a request what other tables have of it. Returns how many bytes that were.
using CompleteRequest = std::function<std::size_t(ApprovalRequest&)>;

/// The place after which a page of requests starts.
struct RequestCursor {
    std::string created_at;
    std::string id;
};

[[nodiscard]] std::string cursor_text(const RequestCursor& cursor);

/// Both throw Error (invalid_option) for a cursor that cannot come from a page.
[[nodiscard]] RequestCursor parse_request_cursor(std::string_view text);
[[nodiscard]] std::int64_t parse_sequence_cursor(std::string_view text);

/// Knows when a page is full: at the wanted number of rows, or earlier if the rows are so large that keeping many of
/// them in memory would be a problem. A text that is larger than a page does not go into one.
class PageSize {
public:
    static constexpr std::size_t most_bytes = std::size_t{8} << 20;

    explicit PageSize(std::size_t wanted_rows) noexcept : rows_left_(wanted_rows) {}

    [[nodiscard]] bool is_full() const noexcept { return rows_left_ == 0 || bytes_ >= most_bytes; }

    void add_row(std::size_t bytes) noexcept {
        --rows_left_;
        bytes_ += bytes;
    }

    /// Adds data of the last row that is kept in other tables.
    void add_bytes(std::size_t bytes) noexcept { bytes_ += bytes; }

private:
    std::size_t rows_left_;
    std::size_t bytes_ = 0;
};

}  // namespace approvekit::record
