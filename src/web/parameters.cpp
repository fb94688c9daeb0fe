#include "web/parameters.hpp"

#include "approvekit/error.hpp"
#include "text/utf8.hpp"
#include "web/route.hpp"

#include <charconv>
#include <initializer_list>
#include <map>
#include <string>

namespace approvekit::web {
namespace {

[[noreturn]] void refuse_parameter(const std::string& message) {
    throw Error(ErrorCode::invalid_option, message);
}

std::string listed(std::initializer_list<std::string_view> names) {
    std::string text;
    for (const std::string_view name : names)
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

/// The parameters of a query, each at most once and all among those that are known.
class Parameters {
public:
    Parameters(std::string_view query, std::initializer_list<std::string_view> known) : known_(listed(known)) {
        for (const std::string_view name : known)
            values_.emplace(name, "");
        while (!query.empty()) {
            const auto end = query.find('&');
            add(query.substr(0, end));
            query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        }
    }

    /// Empty when it was not given.
    [[nodiscard]] const std::string& operator[](std::string_view name) const { return values_.find(name)->second; }

    [[nodiscard]] std::size_t limit(std::size_t otherwise) const {
        const std::string& text = (*this)["limit"];
        if (text.empty()) return otherwise;
        std::size_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > maximum_page) {
            refuse_parameter("limit takes a whole number from 1 to " + std::to_string(maximum_page));
        }
        return value;
    }

private:
    void add(std::string_view pair) {
        const auto equals = pair.find('=');
        const auto name = percent_decode(pair.substr(0, equals), true);
        const auto found = name ? values_.find(*name) : values_.end();
        if (found == values_.end()) refuse_parameter("an unknown parameter was given; known here: " + known_);
        if (equals == std::string_view::npos || !found->second.empty()) refuse_parameter(*name + " takes one value");
        auto value = percent_decode(pair.substr(equals + 1), true);
        if (!value || !is_utf8(*value)) refuse_parameter(*name + " is not percent-encoded UTF-8");
        found->second = *std::move(value);
    }

    std::string known_;
    std::map<std::string, std::string, std::less<>> values_;
};

std::optional<ApprovalStatus> parse_status(std::string_view text) {
    if (text.empty()) return ApprovalStatus::pending;
    if (text == "all") return std::nullopt;
    if (const auto status = parse_approval_status(text)) return status;
    refuse_parameter("status takes pending, approved, rejected, timeout, cancelled or all");
}

}  // namespace

RequestQuery parse_request_query(std::string_view query) {
    const Parameters parameters(query, {"status", "limit", "cursor"});
    RequestQuery result;
    result.status = parse_status(parameters["status"]);
    result.limit = parameters.limit(result.limit);
    result.cursor = parameters["cursor"];
    return result;
}

AuditQuery parse_audit_query(std::string_view query) {
    const Parameters parameters(query, {"limit", "cursor", "request_id"});
    AuditQuery result;
    result.limit = parameters.limit(result.limit);
    result.cursor = parameters["cursor"];
    result.request_id = parameters["request_id"];
    return result;
}

void require_no_query(std::string_view query) {
    if (!query.empty()) refuse_parameter("this address takes no parameters");
}

}  // namespace approvekit::web
