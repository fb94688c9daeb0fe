#include "json/path.hpp"

namespace approvekit {

std::string JsonPath::text() const {
    std::string text;
    for (const Step& step : steps_) {
        if (step.index != no_index) {
            text += "[" + std::to_string(step.index) + "]";
        } else {
            if (!text.empty()) text += '.';
            text += step.key;
        }
    }
    return text;
}

}  // namespace approvekit
