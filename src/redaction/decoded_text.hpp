#pragma once

#include "approvekit/json.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::redaction {

/// A part of a text, as byte offsets.
struct TextRange {
    std::size_t begin = 0;
    std::size_t end = 0;

    friend bool operator==(const TextRange&, const TextRange&) = default;
};

/// How a text may stand inside another one.
enum class Encoding {
    percent,  ///< %41, as in URLs
    escapes,  ///< \u0041 and \n as in JSON strings, and \x41 and \' as other languages write them
};

/// A text without one layer of encoding, which still knows where each of its bytes came from.
class DecodedText {
public:
    /// Nothing when `source` holds nothing that is encoded so.
    [[nodiscard]] static std::optional<DecodedText> decode(std::string_view source, Encoding encoding);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    /// The part of the source that a part of the text came from.
    [[nodiscard]] TextRange in_source(TextRange range) const { return {origins_[range.begin], origins_[range.end]}; }

private:
    explicit DecodedText(std::size_t source_size);

    void append_decoded(std::string_view decoded, std::size_t offset);
    void append_plain(std::string_view source, std::size_t begin, std::size_t end);

    std::string text_;
    std::vector<std::size_t> origins_;  // the offset in the source of each byte, and of the end
};

/// Whether a string may hold the JSON text of an object, an array or a string: whether one of { [ " stands in it
/// before the first letter or digit, or would if comments were left out.
[[nodiscard]] bool looks_like_json(std::string_view text) noexcept;

/// The value of a JSON text that stands in a string `depth` levels down, whatever blanks and marks stand around it;
/// nothing when parse_json would refuse it.
[[nodiscard]] std::optional<Json> parse_nested_json(std::string_view text, std::size_t depth);

}  // namespace approvekit::redaction
