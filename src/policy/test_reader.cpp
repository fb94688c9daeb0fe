#include "policy/test_reader.hpp"

#include "approvekit/terminal_text.hpp"
#include "policy/value_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace approvekit::policy {

struct TestReader::Known {
    std::string_view name;
    Reading read;
};

namespace {

constexpr std::size_t most_pattern_bytes = 1000;
constexpr std::size_t most_expressions = 100;  // each costs up to a millisecond and 128 KiB

constexpr std::string_view nfc_key = "nfc";

}  // namespace

const TestReader::Known* TestReader::find(std::string_view name) {
    static constexpr std::array<Known, 21> known = {{
        {"equals", &TestReader::read_equals},
        {"not_equals", &TestReader::read_not_equals},
        {"in", &TestReader::read_in},
        {"not_in", &TestReader::read_not_in},
        {"lt", &TestReader::read_lt},
        {"lte", &TestReader::read_lte},
        {"gt", &TestReader::read_gt},
        {"gte", &TestReader::read_gte},
        {"between", &TestReader::read_between},
        {"contains", &TestReader::read_contains},
        {"exists", &TestReader::read_exists},
        {"length", &TestReader::read_length},
        {"matches", &TestReader::read_matches},
        {"regex", &TestReader::read_regex},
        {"regex_anywhere", &TestReader::read_regex_anywhere},
        {"path", &TestReader::read_path},
        {"url", &TestReader::read_url},
        {"email", &TestReader::read_email},
        {"command", &TestReader::read_command},
        {"every", &TestReader::read_every},
        {"some", &TestReader::read_some},
    }};
    const auto* const found =
        std::find_if(known.begin(), known.end(), [name](const Known& test) { return test.name == name; });
    return found == known.end() ? nullptr : found;
}

// Recursion is safe: the depth of a document is limited when it is built.
std::vector<NamedTest> TestReader::read(const Node& node, const std::string& path) {  // NOLINT(misc-no-recursion)
    if (!values_.is_mapping(node, path)) return {};
    const std::optional<bool> nfc = read_nfc(node, path);
    const bool outer = std::exchange(nfc_, nfc.value_or(false) || nfc_);
    std::vector<NamedTest> tests;
    bool complete = nfc.has_value();
    for (const Entry& entry : node.entries) {
        if (entry.key == nfc_key) continue;
        report_line_ends(entry.value, child_path(path, entry.key));
        auto test = read_one(entry, child_path(path, entry.key));
        const auto value = test ? values_.json(entry.value, path) : std::nullopt;
        complete = complete && test && value;
        if (complete) tests.push_back({std::move(test), entry.key + " " + terminal_json(*value)});
    }
    nfc_ = outer;
    if (complete && tests.empty()) values_.report(node, path, "is empty; it has at least one test");
    return complete ? std::move(tests) : std::vector<NamedTest>();
}

/// A text written as a block ends in a line break, which nobody sees and few people mean.
void TestReader::report_line_ends(const Node& value, const std::string& path) {
    for (const Node& item : value.items)
        report_line_ends(item, path);
    if (!value.is_text()) return;
    const auto& text = value.value.get_ref<const std::string&>();
    if (!text.starts_with('\n') && !text.ends_with('\n')) return;
    values_.report(value, path, "begins or ends with a line break; write |- for | and >- for >");
}

/// Returns nothing if the key is there but is not a boolean.
std::optional<bool> TestReader::read_nfc(const Node& node, const std::string& path) {
    const Node* const value = node.find(nfc_key);
    return value == nullptr ? std::optional(false) : values_.boolean(*value, child_path(path, nfc_key));
}

ValueTestPtr TestReader::read_one(const Entry& entry, const std::string& path) {  // NOLINT(misc-no-recursion)
    const Known* const known = find(entry.key);
    if (known != nullptr) return (this->*known->read)(entry.value, path);
    static constexpr std::array<std::string_view, 22> names = {
        "equals", "not_equals", "in",      "not_in",  "lt",
        "lte",    "gt",         "gte",     "between", "contains",
        "exists", "length",     "matches", "regex",   "regex_anywhere",
        "path",   "url",        "email",   "command", "every",
        "some",   "nfc"};
    const std::string_view meant = nearest(entry.key, names);
    problems_.add(entry.offset, path, "unknown test; the nearest known one is " + quote(meant));
    return nullptr;
}

std::vector<ValueTestPtr> TestReader::read_inner(const Node& value,  // NOLINT(misc-no-recursion)
                                                 const std::string& path) {
    std::vector<ValueTestPtr> tests;
    for (NamedTest& test : read(value, path))
        tests.push_back(std::move(test.test));
    return tests;
}

ValueTestPtr TestReader::read_equals(const Node& value, const std::string& path) {
    auto scalar = values_.scalar(value, path);
    return scalar ? one_of({*std::move(scalar)}, nfc_) : nullptr;
}

ValueTestPtr TestReader::read_in(const Node& value, const std::string& path) {
    const auto* const items = values_.list(value, path, "texts, numbers or booleans");
    if (items == nullptr) return nullptr;
    if (items->empty()) values_.report(value, path, "is empty; nothing could be in it");
    std::vector<Json> wanted;
    for (std::size_t index = 0; index < items->size(); ++index) {
        if (auto scalar = values_.scalar((*items)[index], child_path(path, index)))
            wanted.push_back(*std::move(scalar));
    }
    return wanted.empty() || wanted.size() != items->size() ? nullptr : one_of(std::move(wanted), nfc_);
}

ValueTestPtr TestReader::read_not_equals(const Node& value, const std::string& path) {
    auto test = read_equals(value, path);
    return test ? negation(std::move(test)) : nullptr;
}

ValueTestPtr TestReader::read_not_in(const Node& value, const std::string& path) {
    auto test = read_in(value, path);
    return test ? negation(std::move(test)) : nullptr;
}

ValueTestPtr TestReader::read_bound(const Node& value, const std::string& path, bool is_low, bool open) {
    const auto number = values_.number(value, path);
    if (!number) return nullptr;
    Bounds bounds{.low = {}, .high = {}, .open = open};
    (is_low ? bounds.low : bounds.high) = number;
    return within(std::move(bounds));
}

ValueTestPtr TestReader::read_lt(const Node& value, const std::string& path) {
    return read_bound(value, path, false, true);
}

ValueTestPtr TestReader::read_lte(const Node& value, const std::string& path) {
    return read_bound(value, path, false, false);
}

ValueTestPtr TestReader::read_gt(const Node& value, const std::string& path) {
    return read_bound(value, path, true, true);
}

ValueTestPtr TestReader::read_gte(const Node& value, const std::string& path) {
    return read_bound(value, path, true, false);
}

ValueTestPtr TestReader::read_between(const Node& value, const std::string& path) {
    const auto* const items = values_.list(value, path, "two numbers");
    if (items == nullptr) return nullptr;
    if (items->size() != 2) {
        values_.report(value, path, "expected two numbers, the lesser first");
        return nullptr;
    }
    const auto low = values_.number((*items)[0], child_path(path, 0));
    const auto high = values_.number((*items)[1], child_path(path, 1));
    if (!low || !high) return nullptr;
    auto test = within({.low = low, .high = high});
    if (test->judge(*low) == Truth::yes) return test;
    values_.report(value, path, "expected two numbers, the lesser first");
    return nullptr;
}

ValueTestPtr TestReader::read_contains(const Node& value, const std::string& path) {
    auto part = values_.scalar(value, path);
    if (!part) return nullptr;
    if (*part == "") {
        values_.report(value, path, "is empty, which every text contains");
        return nullptr;
    }
    return contains(*std::move(part), nfc_);
}

ValueTestPtr TestReader::read_exists(const Node& value, const std::string& path) {
    const auto wanted = values_.boolean(value, path);
    return wanted ? exists(*wanted) : nullptr;
}

ValueTestPtr TestReader::read_length(const Node& value, const std::string& path) {  // NOLINT(misc-no-recursion)
    static constexpr std::array<std::string_view, 9> comparisons = {"equals", "not_equals", "in",  "not_in", "lt",
                                                                    "lte",    "gt",         "gte", "between"};
    if (!values_.is_mapping(value, path)) return nullptr;
    for (const Entry& entry : value.entries) {
        if (std::find(comparisons.begin(), comparisons.end(), entry.key) != comparisons.end()) continue;
        problems_.add(entry.offset, child_path(path, entry.key),
                      "is not a comparison of numbers, as in length: {lte: 80}");
        return nullptr;
    }
    auto tests = read_inner(value, path);
    return tests.empty() ? nullptr : length(std::move(tests));
}

ValueTestPtr TestReader::read_matches(const Node& value, const std::string& path) {
    auto pattern = values_.name(value, path, most_pattern_bytes);
    return pattern ? matches_glob(*std::move(pattern), nfc_) : nullptr;
}

ValueTestPtr TestReader::read_expression(const Node& value, const std::string& path, bool whole) {
    const auto pattern = values_.text(value, path, most_pattern_bytes);
    if (!pattern) return nullptr;
    if (++expressions_ > most_expressions) {
        const std::string most = std::to_string(most_expressions);
        values_.report(value, path, "is one regular expression too many; a policy may have " + most);
        return nullptr;
    }
    std::string fault;
    auto test = matches_regex(*pattern, whole, nfc_, fault);
    if (!test) values_.report(value, path, "is not a regular expression (RE2): " + quote(fault));
    return test;
}

ValueTestPtr TestReader::read_regex(const Node& value, const std::string& path) {
    return read_expression(value, path, true);
}

ValueTestPtr TestReader::read_regex_anywhere(const Node& value, const std::string& path) {
    return read_expression(value, path, false);
}

ValueTestPtr TestReader::read_every(const Node& value, const std::string& path) {  // NOLINT(misc-no-recursion)
    auto tests = read_inner(value, path);
    return tests.empty() ? nullptr : elements(std::move(tests), true);
}

ValueTestPtr TestReader::read_some(const Node& value, const std::string& path) {  // NOLINT(misc-no-recursion)
    auto tests = read_inner(value, path);
    return tests.empty() ? nullptr : elements(std::move(tests), false);
}

}  // namespace approvekit::policy
