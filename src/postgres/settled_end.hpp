#pragma once

#include "postgres/patience.hpp"
#include "postgres/reader.hpp"

#include <chrono>
#include <cstdint>

namespace approvekit::postgres {

/// Returns a wait that is longer than a writer that waits for a lane and then hangs can keep the server, if its
/// `busy_timeout` is ours.
[[nodiscard]] constexpr std::chrono::milliseconds longest_wait_for_writers(
    std::chrono::milliseconds busy_timeout) noexcept {
    return busy_timeout + longest_hang(busy_timeout) + std::chrono::seconds{30};
}

/// As record::OpenRecord::settled_end. If there are several lanes, waits at most that long for transactions that are
/// writing entries. Others can use the reader meanwhile.
[[nodiscard]] std::int64_t settled_end(Reader& reader, std::chrono::milliseconds longest_wait);

}  // namespace approvekit::postgres
