#include "record/argument_order.hpp"

#include "approvekit/call.hpp"

#include <set>

namespace approvekit::record {
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
