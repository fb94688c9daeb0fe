#include "policy/suspicions.hpp"

#include "approvekit/metadata_keys.hpp"
#include "policy/condition_suspicions.hpp"
#include "text/fold.hpp"
#include "text/glyph.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace approvekit::policy {
namespace {

struct Alike {
    char latin;
    std::u32string_view drawn_like_it;
};

// From Unicode's confusables: what looks alike in common fonts. Compatibility forms are folded anyway.
constexpr std::array<Alike, 26> alikes = {{
    {'a', U"\u0410\u0430\u0391\u03b1\u0251\u13aa"},
    {'b', U"\u0412\u0392\u13f4"},
    {'c', U"\u0421\u0441\u03f9\u03f2\u13df"},
    {'d', U"\u0501\u13a0"},
    {'e', U"\u0415\u0435\u0395\u13ac"},
    {'g', U"\u0261\u0581\u13c0"},
    {'h', U"\u041d\u04bb\u0397\u0570\u13bb\u13c2"},
    {'i', U"\u0456\u03b9\u0131\u0269"},
    {'j', U"\u0408\u0458\u03f3\u13ab"},
    {'k', U"\u041a\u043a\u039a\u03ba\u13e6"},
    {'l', U"1I|\u0406\u0399\u04c0\u04cf\u01c0\u13de"},
    {'m', U"\u041c\u039c\u13b7"},
    {'n', U"\u039d\u0578"},
    {'o', U"0\u041e\u043e\u039f\u03bf\u03c3\u0555\u0585"},
    {'p', U"\u0420\u0440\u03a1\u03c1\u13e2"},
    {'q', U"\u051b\u0566"},
    {'r', U"\u0433\u13a1\u13d2"},
    {'s', U"\u0405\u0455\u13da"},
    {'t', U"\u0422\u03a4\u13a2"},
    {'u', U"\u03c5\u057d\u054d"},
    {'v', U"\u0475\u03bd\u13d9"},
    {'w', U"\u051d\u0561\u13b3"},
    {'x', U"\u0425\u0445\u03a7\u03c7"},
    {'y', U"\u0423\u0443\u04ae\u04af\u03a5\u03b3"},
    {'z', U"\u0396\u13c3"},
    {'-', U"\u2010\u2012\u2013\u2014\u2015\u2212"},
}};

struct Range {
    char32_t first;
    char32_t last;
    int alphabet;
};

constexpr int no_alphabet = 0;

// Latin, Greek, Cyrillic, Armenian and Cherokee, each with all of its blocks.
constexpr std::array<Range, 13> alphabets = {{
    {0x41, 0x24F, 1},
    {0x250, 0x2AF, 1},
    {0x370, 0x3FF, 2},
    {0x400, 0x52F, 3},
    {0x531, 0x58F, 4},
    {0x13A0, 0x13FF, 5},
    {0x1C80, 0x1C8F, 3},
    {0x1E00, 0x1EFF, 1},
    {0x1F00, 0x1FFF, 2},
    {0x2C60, 0x2C7F, 1},
    {0xA640, 0xA69F, 3},
    {0xA720, 0xA7FF, 1},
    {0xAB70, 0xABBF, 5},
}};

/// Returns the Latin letter that `code` looks like, or 0 if there is none.
char latin_for(char32_t code) {
    const auto* const found = std::find_if(alikes.begin(), alikes.end(), [code](const Alike& alike) {
        return alike.drawn_like_it.find(code) != std::u32string_view::npos;
    });
    return found == alikes.end() ? '\0' : found->latin;
}

int alphabet_of(char32_t code) {
    const auto* const found = std::find_if(alphabets.begin(), alphabets.end(),
                                           [code](Range range) { return range.first <= code && code <= range.last; });
    return found == alphabets.end() ? no_alphabet : found->alphabet;
}

/// Returns what `name` looks like: folded, with letters and digits that look alike, in whatever alphabet, replaced by
/// one of them. Knows those of Greek, Cyrillic, Armenian and Cherokee. Two different names that look the same by this
/// may still differ in some fonts.
std::string look_of(std::string_view name) {
    const std::string whole = text::composed(name);
    std::string look;
    for (std::string_view rest = whole; !rest.empty();) {
        const text::Glyph glyph = text::first_glyph(rest);
        if (const char latin = glyph.valid ? latin_for(glyph.code) : '\0'; latin != '\0') {
            look += latin;
        } else {
            look += rest.substr(0, glyph.bytes);
        }
        rest.remove_prefix(glyph.bytes);
    }
    return text::folded(look);
}

/// Whether one word of `name` mixes letters of several of these alphabets and Latin, which no language does.
bool mixes_alphabets(std::string_view name) {
    int of_word = no_alphabet;
    while (!name.empty()) {
        const text::Glyph glyph = text::first_glyph(name);
        name.remove_prefix(glyph.bytes);
        if (text::is_mark(glyph.code)) continue;
        const int alphabet = glyph.valid && text::is_letter(glyph.code) ? alphabet_of(glyph.code) : no_alphabet;
        if (alphabet != no_alphabet && of_word != no_alphabet && alphabet != of_word) return true;
        const bool ends_the_word = !glyph.valid || !text::is_letter(glyph.code);
        of_word = ends_the_word ? no_alphabet : std::max(of_word, alphabet);
    }
    return false;
}

constexpr const char* two_reviewers = "; they are two reviewers";

/// Looks for things in one policy that may not be meant.
class Suspicion {
public:
    Suspicion(const Terms& terms, const Node& document, Problems& warnings)
        : terms_(terms), document_(document), rules_(document.find("rules")->items), warnings_(warnings) {}

    void look() {
        for (std::size_t index = 0; index < rules_.size(); ++index) {
            const std::string path = child_path("rules", index);
            look_at_action(terms_.rules[index], rules_[index], path);
            look_at_name(terms_.rules[index], rules_[index], path);
            look_at_fields(rules_[index], path);
            look_at_observer(index, path);
        }
        look_at_reviewers();
        look_at_circles();
        look_at_unmatched();
        find_condition_suspicions(terms_, rules_, warnings_);
    }

private:
    void look_at_action(const PolicyRule& rule, const Node& node, const std::string& path) {
        if (action_of(rule) != Action::allow) return;
        if (rule.tool == any_tool && rule.when.is_null()) {
            warnings_.add(node.offset, path, "every tool that no other rule names runs at once, without a person");
        } else if (!rule.auto_approve) {
            warnings_.add(node.offset, path,
                          "asks for no approval, so the tool runs at once; auto_approve: true says so");
        }
    }

    /// A rule that only observes lets its calls run as if there were no other rule.
    void look_at_observer(std::size_t index, const std::string& path) {
        const PolicyRule& observer = terms_.rules[index];
        if (!observer.observe) return;
        for (std::size_t other = 0; other < terms_.rules.size(); ++other) {
            const PolicyRule& rule = terms_.rules[other];
            if (rule.tool != observer.tool || !rule.limit || !comes_before(index, other)) continue;
            warnings_.add(
                rules_[index].offset, path,
                "only observes, and the calls that it matches run without the limit of " + child_path("rules", other));
            return;
        }
    }

    /// Of two rules of one name: whether a call meets `first` before `second`.
    [[nodiscard]] bool comes_before(std::size_t first, std::size_t second) const {
        const bool is_last = terms_.rules[first].when.is_null();
        const bool is_other_last = terms_.rules[second].when.is_null();
        return is_last == is_other_last ? first < second : is_other_last;
    }

    void look_at_name(const PolicyRule& rule, const Node& node, const std::string& path) {
        if (!tool_names_.insert(rule.tool).second) return;  // a tool with several rules
        look_at_twins(tools_, rule.tool, node, path, "; they are two tools");
    }

    void look_at_reviewers() {
        const Node* reviewers = document_.find("reviewers");
        for (std::size_t index = 0; index < terms_.reviewers.size(); ++index) {
            const std::string& name = terms_.reviewers[index].name;
            people_.insert(name);
            look_at_twins(reviewers_, name, reviewers->items[index], child_path("reviewers", index), two_reviewers);
        }
    }

    void look_at_circles() {
        const Node* groups = document_.find("groups");
        for (std::size_t index = 0; groups != nullptr && index < groups->entries.size(); ++index) {
            const Entry& group = groups->entries[index];
            look_at_people(&group.value, child_path("groups", group.key));
        }
        for (std::size_t index = 0; index < rules_.size(); ++index) {
            const std::string path = child_path("rules", index);
            look_at_people(rules_[index].find(reviewers_key), child_path(path, reviewers_key));
            const Node* escalate = rules_[index].find(escalate_key);
            if (escalate == nullptr) continue;
            look_at_people(escalate->find(escalate_to_key),
                           child_path(child_path(path, escalate_key), escalate_to_key));
        }
    }

    /// Compares groups with people, since readers of a rule tell them apart only by their names.
    void look_at_people(const Node* list, const std::string& path) {
        for (std::size_t index = 0; list != nullptr && index < list->items.size(); ++index) {
            const Node& name = list->items[index];
            if (!people_.insert(text_of(name)).second) continue;
            look_at_twins(reviewers_, text_of(name), name, child_path(path, index), two_reviewers,
                          "; one person bears both");
        }
    }

    /// Names that nobody may mistake for one another.
    struct Names {
        std::unordered_map<std::string, std::string> path_of_folded;
        std::unordered_map<std::string, std::string> path_of_look;
    };

    void look_at_twins(Names& names, const std::string& name, const Node& node, const std::string& path,
                       const std::string& they_are_two, const std::string& but_for_case = {}) {
        if (mixes_alphabets(name)) {
            warnings_.add(node.offset, path, quote(name) + " mixes letters of several alphabets in one word");
        }
        const auto [same, is_new] = names.path_of_folded.try_emplace(text::folded(name), path);
        const auto [alike, looks_new] = names.path_of_look.try_emplace(look_of(name), path);
        if (!is_new) {
            warnings_.add(node.offset, path,
                          "differs from " + same->second + " only in case" +
                              (but_for_case.empty() ? they_are_two : but_for_case));
        } else if (!looks_new) {
            warnings_.add(node.offset, path, "looks like " + alike->second + they_are_two);
        }
    }

    void look_at_fields(const Node& rule, const std::string& path) {
        const Node* fields = rule.find("redact_fields");
        if (fields == nullptr) return;
        std::unordered_map<std::string, std::string> seen;
        for (const Node& field : fields->items) {
            const auto [other, is_new] = seen.try_emplace(text::folded(text_of(field)), text_of(field));
            if (is_new) continue;
            warnings_.add(field.offset, child_path(path, "redact_fields"),
                          quote(text_of(field)) + " repeats " + quote(other->second) + "; names compare without case");
        }
    }

    void look_at_unmatched() {
        const Node* unmatched = document_.find("unmatched");
        if (unmatched == nullptr) return;
        const bool any_is_covered = std::any_of(terms_.rules.begin(), terms_.rules.end(), [](const PolicyRule& rule) {
            return rule.tool == any_tool && rule.when.is_null();
        });
        if (any_is_covered) {
            warnings_.add(unmatched->offset, "unmatched", "has no effect beside a rule for \"*\"");
        } else if (terms_.unmatched == Unmatched::allow) {
            warnings_.add(unmatched->offset, "unmatched", "every tool without a rule runs at once, without a person");
        }
    }

    const Terms& terms_;
    const Node& document_;
    const std::vector<Node>& rules_;
    Problems& warnings_;
    Names tools_;
    std::unordered_set<std::string> tool_names_;
    Names reviewers_;
    std::unordered_set<std::string> people_;
};

}  // namespace

void find_suspicions(const Terms& terms, const Node& document, Problems& warnings) {
    Suspicion(terms, document, warnings).look();
}

}  // namespace approvekit::policy
