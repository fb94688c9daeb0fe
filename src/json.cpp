#include "approvekit/json.hpp"

#include "json/canonical_writer.hpp"

namespace approvekit {

std::string canonical_json(const Json& value, const JsonLimits& limits) {
    return CanonicalWriter(limits).write(value);
}

}  // namespace approvekit
