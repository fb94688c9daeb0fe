#include "approvekit/call.hpp"

#include "approvekit/error.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace approvekit {
namespace {

constexpr std::size_t most_text_bytes = 256;
constexpr std::size_t most_reason_bytes = std::size_t{64} * 1024;
constexpr std::size_t most_tags = 16;
constexpr std::array<std::string_view, 4> risks{"low", "medium", "high", "critical"};

void put(Json& context, const char* name, const std::string& text, std::size_t most = most_text_bytes) {
    if (text.size() > most) {
        throw ArgumentsRefusedError(std::string("the call's ") + name + " has more than " + std::to_string(most) +
                                    " bytes");
    }
    if (!text.empty()) context[name] = text;
}

void put_tags(Json& context, const std::vector<std::string>& tags) {
    if (tags.size() > most_tags) throw ArgumentsRefusedError("the call has more than 16 tags");
    Json list = Json::array();
    for (const std::string& tag : tags) {
        if (tag.empty() || tag.size() > most_text_bytes) throw ArgumentsRefusedError("a tag has 1 to 256 bytes");
        list.push_back(tag);
    }
    if (!list.empty()) context["tags"] = std::move(list);
}

void check_limits(const Call& call) {
    if (call.timeout && call.timeout->count() < 1) {
        throw Error(ErrorCode::invalid_option, "the timeout of a call is one second or longer");
    }
    if (call.start_within && call.start_within->count() < 1) {
        throw Error(ErrorCode::invalid_option, "the start window of a call is one second or longer");
    }
    if (!call.risk_level.empty() && std::find(risks.begin(), risks.end(), call.risk_level) == risks.end()) {
        throw Error(ErrorCode::invalid_option, "the risk level of a call is low, medium, high or critical");
    }
}

}  // namespace

Json context_of(const Call& call) {
    check_limits(call);
    Json context = Json::object();
    put(context, "requested_by", call.requested_by);
    put(context, "why", call.why, most_reason_bytes);
    put(context, "conversation", call.conversation);
    put(context, "environment", call.environment);
    put_tags(context, call.tags);
    put(context, "idempotency_key", call.idempotency_key);
    put(context, "parent", call.parent);
    return context;
}

}  // namespace approvekit
