#include "approvekit/limit_use.hpp"

#include "approvekit/metadata_keys.hpp"
#include "policy/limit.hpp"
#include "policy/terms.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace approvekit {
namespace {

constexpr const char* id_key = "id";
constexpr const char* by_key = "by";
constexpr const char* millionths_key = "millionths";
constexpr const char* per_key = "per";
constexpr const char* reached_key = "reached";
constexpr const char* share_key = "share";

}  // namespace

std::optional<LimitUse> LimitUse::in(const Json& metadata) {
    if (!metadata.is_object()) return std::nullopt;
    const auto found = metadata.find(limit_key);
    if (found == metadata.end() || !found->is_object()) return std::nullopt;
    const Json& told = *found;
    const Json by = told.value(by_key, Json(""));
    const Json millionths = told.value(millionths_key, Json());
    const Json per = told.value(per_key, Json());
    const Json id = told.value(id_key, Json());
    if (!id.is_string() || !by.is_string() || !millionths.is_number_integer() || !per.is_number_integer()) {
        return std::nullopt;
    }
    LimitUse use;
    use.limit = id.get<std::string>();
    use.bucket = by.get<std::string>();
    use.amount = millionths.get<std::int64_t>();
    use.per = std::chrono::seconds(per.get<std::int64_t>());
    const bool is_time = use.per >= policy::shortest_timeout && use.per <= policy::longest_timeout;
    return is_time && use.amount >= 0 ? std::optional(std::move(use)) : std::nullopt;
}

Json to_json_view(const LimitUse& use, bool is_beyond) {
    Json told{{id_key, use.limit}, {millionths_key, use.amount}, {per_key, use.per.count()}};
    if (!use.bucket.empty()) told[by_key] = use.bucket;
    if (is_beyond) told[reached_key] = use.words;
    return told;
}

Json to_json_view_with_share(const LimitUse& use) {
    Json told = to_json_view(use, false);
    told[share_key] = use.share;
    return told;
}

std::string amount_text(std::int64_t millionths) {
    constexpr std::size_t digits = 6;
    std::string text = std::to_string(millionths / policy::millionths_of_one);
    std::string fraction = std::to_string(millionths % policy::millionths_of_one);
    fraction.insert(0, digits - std::min(digits, fraction.size()), '0');
    fraction.erase(fraction.find_last_not_of('0') + 1);
    if (!fraction.empty()) text += "." + fraction;
    return text;
}

}  // namespace approvekit
