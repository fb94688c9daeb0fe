#pragma once

#include <cstddef>
#include <streambuf>
#include <string>
#include <string_view>

namespace approvekit::policy {

/// Hands a YAML text to the parser bit by bit and stops when the parser swallows much without understanding any.
///
/// The parser looks ahead to the end of a flow collection or scalar before it reports its beginning, so that the
/// nesting could not be judged before all of it was in memory, many times over.
///
/// Behind the text stands an end-of-document mark, without which the parser would take the end of the file for
/// the end of a quoted text.
class YamlStream final : public std::streambuf {
public:
    explicit YamlStream(std::string_view text);

    /// The parser has understood something.
    void progress() noexcept { understood_ = read_; }

    [[nodiscard]] bool stopped() const noexcept { return stopped_; }

    /// How much the parser may read before it reports a part.
    static constexpr std::size_t most_unreported_bytes = std::size_t{128} << 10;

protected:
    int_type underflow() override;

private:
    std::string text_;
    std::size_t read_ = 0;
    std::size_t understood_ = 0;
    bool stopped_ = false;
};

}  // namespace approvekit::policy
