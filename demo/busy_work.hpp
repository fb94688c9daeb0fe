#pragma once

#include <approvekit/json.hpp>

#include <string>
#include <vector>

namespace approvekit::demo {

/// One task of an agent of the busy office.
struct Errand {
    std::string agent;
    std::string tool;
    Json arguments;
    std::string why;  ///< in the words of the agent's model
};

/// Sixty errands of six kinds for three agents, in the order in which they are asked.
[[nodiscard]] std::vector<Errand> sixty_errands();

}  // namespace approvekit::demo
