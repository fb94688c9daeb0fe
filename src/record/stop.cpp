#include "approvekit/stop.hpp"

#include "json/json_view.hpp"
#include "policy/glob.hpp"

namespace approvekit {

bool Stop::covers(std::string_view tool_name, std::string_view agent_name) const {
    return policy::Glob(tool).matches(tool_name) && policy::Glob(agent).matches(agent_name);
}

Json to_json_view(const Stop& stop) {
    return {
        {"id", stop.id},
        {"tool", stop.tool},
        {"agent", stop.agent},
        {"reason", stop.reason},
        {"reviewer", stop.reviewer},
        {"way", stop.way},
        {"since", to_text(stop.since)},
        {"ended_at", json::text_or_null(stop.ended_at)},
        {"ended_by", json::text_or_null(stop.ended_by)},
        {"ended_way", json::text_or_null(stop.ended_way)},
    };
}

}  // namespace approvekit
