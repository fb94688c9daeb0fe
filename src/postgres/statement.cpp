#include "postgres/statement.hpp"

#include "approvekit/digest.hpp"
#include "json/json_view.hpp"

namespace approvekit::postgres {

std::string storable_text(std::string_view text) {
    constexpr std::string_view replacement = "\xef\xbf\xbd";
    std::string storable = json::exportable_text(std::string(text));
    for (std::size_t at = storable.find('\0'); at != std::string::npos; at = storable.find('\0', at))
        storable.replace(at, 1, replacement);
    return storable;
}

void Statement::bind(Binary binary) {
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(binary.bytes.data());
    values_.emplace_back("\\x" + to_hex({bytes, binary.bytes.size()}));
}

void Statement::bind(const std::vector<std::string>& texts) {
    std::string array = "{";
    for (const std::string& text : texts) {
        array += array.size() == 1 ? "\"" : ",\"";
        for (const char character : storable_text(text)) {
            if (character == '"' || character == '\\') array += '\\';
            array += character;
        }
        array += '"';
    }
    values_.emplace_back(array + "}");
}

}  // namespace approvekit::postgres
