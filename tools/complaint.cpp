#include "complaint.hpp"

#include "approvekit/terminal_text.hpp"

#include <algorithm>
#include <iostream>

namespace approvekit::tools {

void complain(std::string_view program, const std::string& message, std::string_view code, bool json) {
    if (json) {
        std::cerr << terminal_json({{"error", message}, {"code", code}}) << '\n';
    } else {
        std::cerr << program << ": " << terminal_text(message) << '\n';
    }
}

bool wants_json(int count, char** words) {
    return std::find(words, words + count, std::string_view("--json")) != words + count;
}

}  // namespace approvekit::tools
