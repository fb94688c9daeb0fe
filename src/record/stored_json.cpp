#include "record/stored_json.hpp"

#include "approvekit/error.hpp"

namespace approvekit::record {

namespace {

// Far above what guard() accepts, so that only rows of other programs reach them.
constexpr JsonLimits limits{std::size_t{256} << 20, 512};

}  // namespace

Json stored_json(const std::string& text) {
    try {
        return parse_json(text, limits);
    } catch (const ArgumentsRefusedError&) {
        return text;
    }
}

std::vector<Redaction> stored_redactions(const std::string& text) {
    try {
        return stored_json(text).get<std::vector<Redaction>>();
    } catch (const Json::exception&) {
        return {};
    }
}

}  // namespace approvekit::record
