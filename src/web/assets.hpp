#pragma once

#include <span>
#include <string_view>

namespace approvekit::web {

/// One file of the page, compiled into the library. All three views live as long as the program.
struct Asset {
    std::string_view path;  ///< as the browser asks for it, e.g. "/page.css"
    std::string_view content_type;
    std::string_view bytes;
};

/// Returns every file of the page, in the order in which src/web/CMakeLists.txt names them.
[[nodiscard]] std::span<const Asset> assets() noexcept;

}  // namespace approvekit::web
