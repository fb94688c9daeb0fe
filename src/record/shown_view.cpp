#include "record/shown_view.hpp"

#include "approvekit/call.hpp"
#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/terminal_text.hpp"

#include <set>

namespace approvekit::record {

std::string shown_digest(const ApprovalRequest& request) {
    try {
        return view_digest(request);
    } catch (const ArgumentsRefusedError&) {
        if (request.ours) return {};
        return to_hex(digest_of(terminal_json({"approvekit foreign view 1", request.id, request.tool_name,
                                               request.tool_args, to_text(request.created_at), request.metadata})));
    }
}

bool shows(const ApprovalRequest& request, std::string_view digest) {
    return !digest.empty() && shown_digest(request) == digest;
}

namespace {

std::vector<std::string> ordered_names(const Json& object, const Json& first) {
    std::vector<std::string> names;
    if (!object.is_object()) return names;
    std::set<std::string> met;
    const auto add = [&](const std::string& name) {
        if (object.contains(name) && met.insert(name).second) names.push_back(name);
    };
    if (first.is_array()) {
        for (const Json& name : first) {
            if (name.is_string()) add(name.get_ref<const std::string&>());
        }
    }
    for (const auto& [name, value] : object.items())
        add(name);
    return names;
}

}  // namespace

std::vector<std::string> argument_order(const Json& arguments, const Json& metadata) {
    const bool tells = metadata.is_object() && metadata.contains(argument_order_key);
    return ordered_names(arguments, tells ? metadata.at(argument_order_key) : Json());
}

std::vector<std::string> context_order(const Json& context) {
    return ordered_names(context, {"requested_by", "why", "conversation", "environment", "tags", "parent"});
}

}  // namespace approvekit::record
