#include "web/parameters.hpp"

#include "approvekit/error.hpp"
#include "text/utf8.hpp"
#include "web/route.hpp"

#include <charconv>
#include <system_error>
#include <utility>

namespace approvekit::web {

void refuse_input(const std::string& message) {
    throw Error(ErrorCode::invalid_option, message);
}

std::string listed(std::initializer_list<std::string_view> names) {
    std::string text;
    for (const std::string_view name : names)
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

Parameters::Parameters(std::string_view query, std::initializer_list<std::string_view> known) : known_(listed(known)) {
    for (const std::string_view name : known)
        values_.emplace(name, "");
    while (!query.empty()) {
        const auto end = query.find('&');
        add(query.substr(0, end));
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    }
}

std::size_t Parameters::limit(std::size_t otherwise) const {
    const std::string& text = (*this)["limit"];
    if (text.empty()) return otherwise;
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > maximum_page) {
        refuse_input("limit takes a whole number from 1 to " + std::to_string(maximum_page));
    }
    return value;
}

void Parameters::add(std::string_view pair) {
    const auto equals = pair.find('=');
    const auto name = percent_decode(pair.substr(0, equals), true);
    const auto found = name ? values_.find(*name) : values_.end();
    if (found == values_.end()) refuse_input("an unknown parameter was given; known here: " + known_);
    if (equals == std::string_view::npos || !found->second.empty()) refuse_input(*name + " takes one value");
    auto value = percent_decode(pair.substr(equals + 1), true);
    if (!value || !text::is_utf8(*value)) refuse_input(*name + " is not percent-encoded UTF-8");
    found->second = *std::move(value);
}

}  // namespace approvekit::web
