#include "approvekit/json.hpp"

#include "approvekit/error.hpp"
#include "json/number.hpp"
#include "json/path.hpp"
#include "json/strict_reader.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace approvekit::json {
namespace {

using Member = Json::object_t::value_type;

/// RFC 8785 sorts keys by their UTF-16 units. That is the order of the UTF-8 bytes with one exception: the units of
/// U+E000 to U+FFFF (lead bytes EE and EF) come after the surrogates that stand for higher code points.
constexpr unsigned char first_lead_byte_out_of_order = 0xee;

unsigned utf16_rank(char byte) {
    const auto value = static_cast<unsigned char>(byte);
    return value == 0xee || value == 0xef ? value + 0x10U : value;
}

bool utf16_less(const Member* left, const Member* right) {
    return std::lexicographical_compare(left->first.begin(), left->first.end(), right->first.begin(),
                                        right->first.end(),
                                        [](char a, char b) { return utf16_rank(a) < utf16_rank(b); });
}

bool is_in_utf16_order(const Json::object_t& object) {
    return std::none_of(object.begin(), object.end(), [](const Member& member) {
        return std::any_of(member.first.begin(), member.first.end(),
                           [](char byte) { return static_cast<unsigned char>(byte) >= first_lead_byte_out_of_order; });
    });
}

std::vector<const Member*> in_utf16_order(const Json::object_t& object) {
    std::vector<const Member*> members;
    members.reserve(object.size());
    for (const Member& member : object) {
        members.push_back(&member);
    }
    std::sort(members.begin(), members.end(), utf16_less);
    return members;
}

bool is_plain(char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte >= 0x20 && byte < 0x80 && character != '"' && character != '\\';
}

void append_escaped(std::string& text, char character) {
    constexpr std::string_view escaped = "\"\\\b\f\n\r\t";
    constexpr std::string_view letters = "\"\\bfnrt";
    constexpr std::string_view digits = "0123456789abcdef";
    text += '\\';
    if (const std::size_t at = escaped.find(character); at != std::string_view::npos) {
        text += letters[at];
    } else {
        text += "u00";
        text += digits[static_cast<unsigned char>(character) >> 4];
        text += digits[static_cast<unsigned char>(character) & 15];
    }
}

/// Writes one JSON value in its canonical form. Keeps track of the current place, to name it when it refuses a value.
///
/// Usable once: the text is moved out of it. Uses the stack no deeper than the limits allow.
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

std::string CanonicalWriter::write(const Json& value) {
    write_value(value);
    check_size(0);
    return std::move(text_);
}

void CanonicalWriter::write_value(const Json& value) {
    switch (value.type()) {
        case Json::value_t::null:
            text_ += "null";
            return;
        case Json::value_t::boolean:
            text_ += value.get_ref<const bool&>() ? "true" : "false";
            return;
        case Json::value_t::number_integer:
            return write_integer(value.get_ref<const std::int64_t&>());
        case Json::value_t::number_unsigned:
            return write_integer(value.get_ref<const std::uint64_t&>());
        case Json::value_t::number_float:
            return write_double(value.get_ref<const double&>());
        case Json::value_t::string:
            return write_string(value.get_ref<const std::string&>());
        case Json::value_t::array:
            return write_array(value.get_ref<const Json::array_t&>());
        case Json::value_t::object:
            return write_object(value.get_ref<const Json::object_t&>());
        case Json::value_t::binary:
        case Json::value_t::discarded:
            break;
    }
    refuse("binary values cannot be shown as JSON text");
}

void CanonicalWriter::write_array(const Json::array_t& array) {
    enter();
    text_ += '[';
    for (std::size_t index = 0; index < array.size(); ++index) {
        path_.at(index);
        if (index > 0) text_ += ',';
        write_value(array[index]);
    }
    text_ += ']';
    path_.leave();
}

void CanonicalWriter::write_object(const Json::object_t& object) {
    enter();
    text_ += '{';
    if (is_in_utf16_order(object)) {
        for (const auto& [key, value] : object) {
            write_member(key, value);
        }
    } else {
        for (const Member* member : in_utf16_order(object)) {
            write_member(member->first, member->second);
        }
    }
    text_ += '}';
    path_.leave();
}

void CanonicalWriter::write_member(const std::string& key, const Json& value) {
    if (text_.back() != '{') text_ += ',';
    path_.at("(a key)");
    write_string(key);
    path_.at(key);
    text_ += ':';
    write_value(value);
}

void CanonicalWriter::write_string(std::string_view string) {
    check_size(string.size());
    text_ += '"';
    std::size_t written = 0;
    for (std::size_t at = 0; at < string.size();) {
        if (is_plain(string[at])) {
            ++at;
        } else if (static_cast<unsigned char>(string[at]) >= 0x80) {
            const std::size_t length = text::utf8_sequence_length(string, at);
            if (length == 0) refuse("a text that is not UTF-8");
            at += length;
        } else {
            text_ += string.substr(written, at - written);
            append_escaped(text_, string[at]);
            written = ++at;
        }
    }
    text_ += string.substr(written);
    text_ += '"';
}

void CanonicalWriter::write_integer(auto integer) {
    std::array<char, 24> buffer{};
    const auto written = std::to_chars(buffer.begin(), buffer.end(), integer);
    text_.append(buffer.data(), written.ptr);
}

void CanonicalWriter::write_double(double number) {
    if (!std::isfinite(number)) refuse("a number that is not finite");
    append_number(text_, number);
}

void CanonicalWriter::enter() {
    check_size(0);
    if (path_.depth() >= limits_.depth) {
        refuse("nested deeper than " + std::to_string(limits_.depth) + " levels");
    }
    path_.enter();
}

void CanonicalWriter::check_size(std::size_t more) const {
    if (more > limits_.bytes || text_.size() > limits_.bytes - more) {
        refuse("more than " + std::to_string(limits_.bytes) + " bytes of JSON");
    }
}

void CanonicalWriter::refuse(const std::string& what) const {
    constexpr std::size_t readable = 100;
    const std::string place = path_.text();
    std::string message = "the arguments cannot be shown to a reviewer: " + what;
    if (!place.empty() && place.size() <= readable) message += ", at " + place;
    throw ArgumentsRefusedError(message);
}

}  // namespace
}  // namespace approvekit::json

namespace approvekit {

const char detail::APPROVEKIT_JSON_SYMBOL = 0;

Json parse_json(std::string_view text, const JsonLimits& limits) {
    json::JsonValueBuilder builder;
    if (const auto fault = json::read_json(text, limits, builder)) {
        throw ArgumentsRefusedError("this JSON is refused at line " + std::to_string(fault->position.line) +
                                    ", column " + std::to_string(fault->position.column) + ": " + fault->what);
    }
    return builder.take();
}

std::string canonical_json(const Json& value, const JsonLimits& limits) {
    return json::CanonicalWriter(limits).write(value);
}

}  // namespace approvekit
