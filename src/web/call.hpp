#pragma once

#include <string>

namespace approvekit::web {

/// An admitted request as the API takes it. A plain value.
struct Call {
    std::string method;
    std::string path;
    std::string query;  ///< as it came, not decoded
    std::string body;
};

}  // namespace approvekit::web
