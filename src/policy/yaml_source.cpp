#include "policy/yaml_source.hpp"

#include "json/number.hpp"
#include "policy/document.hpp"
#include "text/ascii.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace approvekit::policy {
namespace {

/// Hands a YAML text to the parser bit by bit, and stops if the parser reads a lot without understanding anything.
///
/// The parser looks ahead to the end of a flow collection or scalar before it reports its beginning. So the nesting
/// could be judged only after all of it was in memory, many times over.
///
/// An end-of-document mark follows the text. Without it, the parser would take the end of the file for the end of a
/// quoted text.
class YamlStream final : public std::streambuf {
public:
    explicit YamlStream(std::string_view text);

    /// To be called when the parser has understood something.
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

YamlStream::YamlStream(std::string_view text) : text_(text) {
    text_ += text.empty() || text.ends_with('\n') ? "...\n" : "\n...\n";
}

YamlStream::int_type YamlStream::underflow() {
    constexpr std::size_t bit = 4096;
    stopped_ = stopped_ || read_ - understood_ > most_unreported_bytes;
    if (stopped_ || read_ == text_.size()) return traits_type::eof();

    char* const next = text_.data() + read_;
    read_ += std::min(bit, text_.size() - read_);
    setg(text_.data(), next, text_.data() + read_);
    return traits_type::to_int_type(*next);
}

constexpr std::string_view digits = "0123456789";

constexpr std::array<std::string_view, 16> contested_words = {
    "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ".inf", ".nan", "-.inf", "+.inf", "<<", "="};

bool only(std::string_view text, std::string_view characters) {
    return text.find_first_not_of(characters) == std::string_view::npos;
}

/// Whether some YAML reader takes the text for an integer of any base, a float, a base-60 number or a date.
bool looks_like_a_number(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    const std::size_t first_digit = text.starts_with('.') ? 1 : 0;
    if (text.size() <= first_digit || !only(text.substr(first_digit, 1), digits)) return false;

    const std::string lower = text::lower_case(text);
    for (const std::string_view base : {"0x", "0o", "0b"}) {
        if (lower.starts_with(base)) return only(std::string_view(lower).substr(2), "0123456789abcdef_");
    }
    return only(lower, "0123456789._:+-etz ") && std::count(lower.begin(), lower.end(), '.') <= 1;
}

template <typename Number>
std::optional<Json> parsed(std::string_view text) {
    Number number{};
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return std::make_optional<Json>(number);
}

/// Returns nothing if there are more digits than a double holds, since it would not mean what is written.
std::optional<Json> parsed_exactly(std::string_view text) {
    auto number = parsed<double>(text);
    return number && json::keeps_digits(number->get<double>(), text) ? std::move(number) : std::nullopt;
}

std::optional<Json> decimal(std::string_view text) {
    const std::string_view unsigned_text = text.substr(text.starts_with('-') ? 1 : 0);
    const std::size_t dot = unsigned_text.find('.');
    const std::string_view whole = unsigned_text.substr(0, dot);
    if (whole.empty() || !only(whole, digits) || (whole.size() > 1 && whole.front() == '0')) return std::nullopt;

    if (dot != std::string_view::npos) {
        const std::string_view fraction = unsigned_text.substr(dot + 1);
        return fraction.empty() || !only(fraction, digits) ? std::nullopt : parsed_exactly(text);
    }
    const auto number = parsed<std::int64_t>(text);
    return number ? number : parsed<std::uint64_t>(text);
}

constexpr const char* too_much =
    "128 KiB follow without a value that could be read; no comment, text or pair of brackets may be so long";
static_assert(YamlStream::most_unreported_bytes == std::size_t{128} << 10);

constexpr int in_brackets = -1;

std::size_t offset_of(const YAML::Mark& mark) {
    return static_cast<std::size_t>(std::max(mark.pos, 0));
}

/// Turns the parser's events into parts of a document. Reports what no policy may have.
class Events final : public YAML::EventHandler {
public:
    Events(std::string_view text, YamlStream& stream, Problems& problems)
        : text_(text), stream_(stream), problems_(problems), builder_(problems) {}

    void OnDocumentStart(const YAML::Mark& mark) override;
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override;
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override;
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override;
    void OnMapEnd() override { close(); }

    [[nodiscard]] std::optional<Node> take() { return builder_.take(); }

    /// Returns where the last part started.
    [[nodiscard]] std::size_t reached() const noexcept { return reached_; }

private:
    void reach(const YAML::Mark& mark);
    void check(const YAML::Mark& mark, bool tagged, YAML::anchor_t anchor);
    void check_indentation(const YAML::Mark& mark);
    void enter(const YAML::Mark& mark, YAML::EmitterStyle::value style);
    void close();

    std::string_view text_;
    YamlStream& stream_;
    Problems& problems_;
    DocumentBuilder builder_;
    std::vector<int> columns_;  // of the open collections; in_brackets for those that need no indentation
    bool started_ = false;
    std::size_t reached_ = 0;
};

void Events::OnDocumentStart(const YAML::Mark& mark) {
    reach(mark);
    if (started_) {
        problems_.add(offset_of(mark), {}, "a second document starts here; a policy is one");
        throw ReadingStopped();
    }
    started_ = true;
}

void Events::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
    check(mark, false, anchor);
    builder_.word({}, offset_of(mark));  // "~", "null" or a forgotten value: the event does not say which
}

void Events::OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) {
    reach(mark);
    problems_.add(offset_of(mark), builder_.path(), "aliases (*name) are not supported; write the value out");
    builder_.refused(offset_of(mark));
}

void Events::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) {
    const std::size_t offset = offset_of(mark);
    const bool quoted_or_block = tag == "!";  // a lone exclamation mark in the text amounts to the same
    check(mark, (!quoted_or_block && tag != "?") || (offset < text_.size() && text_[offset] == '!'), anchor);
    check_indentation(mark);

    if (quoted_or_block) {
        builder_.scalar(value, offset);
    } else if (auto scalar = plain_scalar(value)) {
        builder_.scalar(*std::move(scalar), offset);
    } else {
        builder_.word(value, offset);
    }
}

void Events::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value style) {
    check(mark, tag != "?", anchor);
    enter(mark, style);
    builder_.open_sequence(offset_of(mark));
}

void Events::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                        YAML::EmitterStyle::value style) {
    check(mark, tag != "?", anchor);
    enter(mark, style);
    builder_.open_mapping(offset_of(mark));
}

void Events::reach(const YAML::Mark& mark) {
    stream_.progress();
    reached_ = offset_of(mark);
}

void Events::check(const YAML::Mark& mark, bool tagged, YAML::anchor_t anchor) {
    reach(mark);
    if (tagged) {
        problems_.add(offset_of(mark), builder_.path(), "tags (!name) are not supported; write the value alone");
    }
    if (anchor != 0) {
        problems_.add(offset_of(mark), builder_.path(), "anchors (&name) are not supported; write the value alone");
    }
}

/// The parser takes a line that lost its colon for the value of the key above it.
void Events::check_indentation(const YAML::Mark& mark) {
    if (columns_.empty() || builder_.expects_key() || mark.column > columns_.back()) return;
    problems_.add(offset_of(mark), builder_.path(),
                  "a value is indented deeper than its key; is a colon missing here?");
}

void Events::enter(const YAML::Mark& mark, YAML::EmitterStyle::value style) {
    const bool in_lines = style == YAML::EmitterStyle::Block;
    if (!in_lines) check_indentation(mark);
    columns_.push_back(in_lines ? mark.column : in_brackets);
}

void Events::close() {
    stream_.progress();
    columns_.pop_back();
    builder_.close();
}

/// The parser obeys or silently drops lines that start with a percent sign, wherever they are.
void refuse_directives(std::string_view text, Problems& problems) {
    for (std::size_t line = 0; line < text.size();) {
        if (text[line] == '%') problems.add(line, {}, "directives (lines that start with %) are not supported");
        const std::size_t end = text.find('\n', line);
        line = end == std::string_view::npos ? text.size() : end + 1;
    }
}

void report(const YAML::Exception& error, std::string_view text, Problems& problems) {
    const std::size_t offset = offset_of(error.mark);
    const std::string_view where = offset < text.size() ? "" : " (the text ends too early)";
    problems.add(offset, {}, "this is not YAML: " + error.msg + std::string(where));
}

/// Returns whether the text was parsed to its end. If not, reports it.
bool parse(std::string_view text, YamlStream& bits, Events& events, Problems& problems) {
    std::istream stream(&bits);
    YAML::Parser parser(stream);
    try {
        // A second document is refused as soon as it starts, so there is never a third.
        while (parser.HandleNextDocument(events)) {
        }
    } catch (const ReadingStopped&) {
        return false;
    } catch (const YAML::Exception& error) {
        if (!bits.stopped()) {
            report(error, text, problems);
            return false;
        }
    }
    if (bits.stopped()) problems.add(events.reached(), {}, too_much);
    return !bits.stopped();
}

}  // namespace

std::optional<Json> plain_scalar(std::string_view text) {
    if (text == "true") return std::make_optional<Json>(true);
    if (text == "false") return std::make_optional<Json>(false);
    if (auto number = decimal(text)) return number;

    const bool contested =
        std::find(contested_words.begin(), contested_words.end(), text::lower_case(text)) != contested_words.end();
    const bool quotes = text.find('"') != std::string_view::npos;  // as in [a, :"b"], where they are part of the text
    if (text.empty() || contested || quotes || looks_like_a_number(text)) return std::nullopt;
    return std::make_optional<Json>(std::string(text));
}

std::optional<Node> read_yaml(std::string_view text, Problems& problems) {
    refuse_directives(text, problems);
    YamlStream bits(text);
    Events events(text, bits, problems);
    return parse(text, bits, events, problems) ? events.take() : std::nullopt;
}

}  // namespace approvekit::policy
