#pragma once

#include "approvekit/json.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::redaction {

/// A part of a text, in byte offsets.
struct TextRange {
    std::size_t begin = 0;
    std::size_t end = 0;

    friend bool operator==(const TextRange&, const TextRange&) = default;
};

/// How a text may be encoded inside another one.
enum class Encoding {
    percent,  ///< %41, as in URLs
    escapes,  ///< \u0041 and \n as in JSON strings, and \x41 and \' as in other languages
    lines,    ///< base64 in lines, as mail and key files contain it
};

/// Whether base64 or its form for URLs encodes bits by that character; it fills up with "=".
[[nodiscard]] bool is_base64_digit(char character) noexcept;

/// A text after one layer of encoding was removed. It remembers where each of its bytes came from.
class DecodedText {
public:
    /// Returns nothing if `source` contains nothing in this encoding.
    [[nodiscard]] static std::optional<DecodedText> decode(std::string_view source, Encoding encoding);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    /// Returns the part of the source that a part of the text came from.
    [[nodiscard]] TextRange in_source(TextRange range) const { return {origins_[range.begin], origins_[range.end]}; }

private:
    explicit DecodedText(std::size_t source_size);

    void append_decoded(std::string_view decoded, std::size_t offset);
    void append_plain(std::string_view source, std::size_t begin, std::size_t end);

    std::string text_;
    std::vector<std::size_t> origins_;  // the offset in the source of each byte, and of the end
};

/// Whether a string may be the JSON text of an object, an array or a string. It may if one of { [ " comes before the
/// first letter or digit, with or without the comments in the text.
[[nodiscard]] bool looks_like_json(std::string_view text) noexcept;

/// Returns the value of a JSON text in a string that is `depth` levels down, ignoring blanks and marks around it.
/// Returns nothing if parse_json would refuse it.
[[nodiscard]] std::optional<Json> parse_nested_json(std::string_view text, std::size_t depth);

}  // namespace approvekit::redaction
