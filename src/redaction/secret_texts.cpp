#include "redaction/secret_texts.hpp"

#include "json/strict_reader.hpp"
#include "redaction/decoded_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

namespace approvekit::redaction {
namespace {

/// Shorter texts in quotes are more likely the signs between two strings.
constexpr std::size_t shortest_quoted = 4;

class Collector {
public:
    explicit Collector(SecretTexts& texts) : texts_(texts) {}

    void collect(const Json& value, std::size_t depth);

private:
    void collect_string(const std::string& text, std::size_t depth);
    void collect_quoted(std::string_view text, char quote);

    SecretTexts& texts_;
};

void Collector::collect(const Json& value, std::size_t depth) {
    if (value.is_string()) {
        collect_string(value.get_ref<const std::string&>(), depth);
    } else if (value.is_number()) {
        std::vector<std::string> forms = number_texts(value);
        std::move(forms.begin(), forms.end(), std::back_inserter(texts_.values));
    } else if (value.is_structured() && depth < json::deepest_json) {
        for (const auto& [key, child] : value.items()) {
            if (value.is_object()) texts_.names.push_back(key);
            collect(child, depth + 1);
        }
    }
}

void Collector::collect_string(const std::string& text, std::size_t depth) {
    texts_.values.push_back(text);
    if (!looks_like_json(text)) return;
    if (const auto nested = parse_nested_json(text, depth)) {
        collect(*nested, depth);
    } else {
        collect_quoted(text, '"');
        collect_quoted(text, '\'');
    }
}

void Collector::collect_quoted(std::string_view text, char quote) {
    while (text.find(quote) != std::string_view::npos) {
        text.remove_prefix(text.find(quote) + 1);
        const std::string_view inside = text.substr(0, text.find(quote));
        text.remove_prefix(inside.size());
        text.remove_prefix(std::min<std::size_t>(text.size(), 1));
        if (inside.size() < shortest_quoted || inside.find_first_not_of(" :,{}[]\t\r\n") == std::string_view::npos)
            continue;
        texts_.names.emplace_back(inside);
        if (auto decoded = DecodedText::decode(inside, Encoding::escapes)) texts_.names.push_back(decoded->text());
    }
}

}  // namespace

std::vector<std::string> number_texts(const Json& number) {
    if (!number.is_number_float()) return {number.dump()};
    if (!std::isfinite(number.get<double>())) return {};
    return {number.dump(), canonical_json(number)};
}

void collect_secret_texts(const Json& value, SecretTexts& texts) {
    Collector(texts).collect(value, 0);
}

namespace {

/// Returns the number of bytes that `entry` and `text` have in common at the beginning.
std::size_t shared_length(std::string_view entry, std::string_view text) {
    const auto same = [](char a, char b) { return static_cast<unsigned char>(a) == normalised(b); };
    text = text.substr(0, entry.size());
    const auto end = std::mismatch(text.begin(), text.end(), entry.begin(), [&](char b, char a) { return same(a, b); });
    return static_cast<std::size_t>(end.first - text.begin());
}

/// Whether `entry`, which has its first `shared` bytes in common with `text`, sorts before `text` or is a prefix of it.
bool comes_before(std::string_view entry, std::string_view text, std::size_t shared) {
    if (shared == entry.size()) return true;
    return shared < text.size() && static_cast<unsigned char>(entry[shared]) < normalised(text[shared]);
}

/// Does the same, or returns nothing if `steps_left` is not enough to tell.
std::optional<std::size_t> shared_length(std::string_view entry, std::string_view text, std::size_t& steps_left) {
    const std::size_t shared = shared_length(entry.substr(0, steps_left), text);
    const std::size_t steps = std::min(shared + 1, steps_left);
    steps_left -= steps;
    return steps > shared ? std::optional(shared) : std::nullopt;
}

}  // namespace

void PrefixSet::add(std::string_view text) {
    Entry entry;
    std::transform(text.begin(), text.end(), std::back_inserter(entry.text),
                   [](char character) { return static_cast<char>(normalised(character)); });
    longest_ = std::max(longest_, text.size());
    entries_.push_back(std::move(entry));
}

void PrefixSet::sort() {
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.text < b.text; });
    for (std::uint32_t at = 1; at < entries_.size(); ++at) {
        std::uint32_t within = at - 1;
        while (within != none && !entries_[at].text.starts_with(entries_[within].text))
            within = entries_[within].within;
        entries_[at].within = within;
    }
}

std::size_t PrefixSet::longest_in(std::string_view text, std::size_t& steps_left) const {
    // Entries that `text` starts with sort before `text`, and every entry in between starts with them too. So the
    // longest such entry is the last entry before `text`, or one that this entry starts with.
    std::size_t first = 0;
    for (std::size_t end = entries_.size(); first < end;) {
        const std::size_t middle = first + (end - first) / 2;
        const auto shared = shared_length(entries_[middle].text, text, steps_left);
        if (!shared) return std::min(longest_, text.size());
        if (comes_before(entries_[middle].text, text, *shared)) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    if (first == 0) return 0;
    auto at = static_cast<std::uint32_t>(first - 1);
    const auto shared = shared_length(entries_[at].text, text, steps_left);
    while (shared && at != none && entries_[at].text.size() > *shared) {
        if (steps_left == 0) return std::min(longest_, text.size());
        --steps_left;
        at = entries_[at].within;
    }
    if (!shared) return std::min(longest_, text.size());
    return at == none ? 0 : entries_[at].text.size();
}

}  // namespace approvekit::redaction
