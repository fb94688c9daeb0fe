#pragma once

#include "approvekit/json.hpp"
#include "json/path.hpp"

#include <string>
#include <string_view>

namespace approvekit::json {

/// Writes one JSON value in its canonical form and knows where it is when it has to refuse.
///
/// Used once: the text is moved out of it. Never deeper on the stack than the limits allow.
class CanonicalWriter {
public:
    explicit CanonicalWriter(const JsonLimits& limits) : limits_(limits) {}

    /// Throws ArgumentsRefusedError; see canonical_json.
    [[nodiscard]] std::string write(const Json& value);

private:
    void write_value(const Json& value);
    void write_array(const Json::array_t& array);
    void write_object(const Json::object_t& object);
    void write_member(const std::string& key, const Json& value);
    void write_string(std::string_view string);
    void write_integer(auto integer);
    void write_double(double number);

    void enter();
    void check_size(std::size_t more) const;
    [[noreturn]] void refuse(const std::string& what) const;

    JsonLimits limits_;
    JsonPath path_;
    std::string text_;
};

}  // namespace approvekit::json
