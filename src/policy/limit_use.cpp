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
constexpr const char* summand_key = "sum";
constexpr const char* counted_by_key = "counted_by";

/// Returns an empty text if there is no such text.
std::string text_in(const Json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

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
    if (!use.summand.empty()) told[summand_key] = use.summand;
    if (!use.counted_by.empty()) told[counted_by_key] = use.counted_by;
    return told;
}

Json to_json_view_of_edited(Json told, const Json& arguments, const Json& context) {
    if (!told.is_object()) return told;
    PolicyLimit limit;
    limit.sum = text_in(told, summand_key);
    limit.by = text_in(told, counted_by_key);
    const policy::Measure measure = policy::measured(limit, {arguments, context});
    told[millionths_key] = measure.amount.millionths;
    told.erase(share_key);
    told.erase(by_key);
    if (!measure.bucket.empty()) told[by_key] = measure.bucket;
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
