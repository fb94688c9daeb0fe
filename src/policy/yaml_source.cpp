#include "policy/yaml_source.hpp"

#include "policy/document_builder.hpp"
#include "policy/yaml_scalar.hpp"
#include "policy/yaml_stream.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <string>
#include <vector>

namespace approvekit::policy {
namespace {

constexpr const char* too_much =
    "128 KiB follow without a value that could be read; no comment, text or pair of brackets may be so long";
static_assert(YamlStream::most_unreported_bytes == std::size_t{128} << 10);

constexpr int in_brackets = -1;

std::size_t offset_of(const YAML::Mark& mark) {
    return static_cast<std::size_t>(std::max(mark.pos, 0));
}

/// Turns the parser's events into parts of a document, and what no policy has into problems.
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

    /// Where the last part started.
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
    builder_.word({}, offset_of(mark));  // "~", "null", or a value that was forgotten: no event tells
}

void Events::OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) {
    reach(mark);
    problems_.add(offset_of(mark), builder_.path(), "aliases (*name) are not supported; write the value out");
    builder_.refused(offset_of(mark));
}

void Events::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) {
    const std::size_t offset = offset_of(mark);
    const bool quoted_or_block = tag == "!";  // which is also what a lone exclamation mark in the text amounts to
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
    problems_.add(offset_of(mark), builder_.path(), "a value stands deeper than its key; is a colon missing here?");
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

/// The parser obeys lines that start with a percent sign, or drops them without a word, wherever they stand.
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

/// Whether the text was parsed to its end; it was reported otherwise.
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

std::optional<Node> read_yaml(std::string_view text, Problems& problems) {
    refuse_directives(text, problems);
    YamlStream bits(text);
    Events events(text, bits, problems);
    return parse(text, bits, events, problems) ? events.take() : std::nullopt;
}

}  // namespace approvekit::policy
