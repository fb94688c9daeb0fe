#pragma once

#include <approvekit/json.hpp>

#include <string>
#include <vector>

namespace approvekit::demo {

/// One of the things that an agent of the busy office wants to do.
struct Errand {
    std::string agent;
    std::string tool;
    Json arguments;
    std::string why;  ///< in the words of the agent's model
};

/// Sixty errands of six kinds, which three agents have, in the order in which they come up.
[[nodiscard]] std::vector<Errand> sixty_errands();

}  // namespace approvekit::demo
