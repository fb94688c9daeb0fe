#pragma once

#include "postgres/reader.hpp"

#include <chrono>
#include <cstdint>

namespace approvekit::postgres {

/// As record::OpenRecord::settled_end. If there are several lanes, waits at most that long for transactions that are
/// writing entries. Others can use the reader meanwhile.
[[nodiscard]] std::int64_t settled_end(Reader& reader, std::chrono::milliseconds longest_wait);

}  // namespace approvekit::postgres
