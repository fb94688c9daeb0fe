#include "policy/known_keys.hpp"

#include "text/ascii.hpp"

#include <algorithm>
#include <vector>

namespace approvekit::policy {
namespace {

// No key is half as long, and the distance costs the product of both lengths.
constexpr std::size_t most_letters = 64;

std::string letters_of(std::string_view text) {
    std::string letters;
    for (const char c : text::lower_case(text.substr(0, most_letters))) {
        if (c != '_' && c != '-' && c != ' ') letters += c;
    }
    return letters;
}

/// How unlikely it is that who wrote `text` meant `known`: who stops in the middle of a key is near to it.
std::size_t unlikeliness(std::string_view text, std::string_view known) {
    constexpr std::size_t telling_letters = 3;
    const std::string letters = letters_of(text);
    const bool is_beginning = letters.size() >= telling_letters && letters_of(known).starts_with(letters);
    return is_beginning ? std::min<std::size_t>(1, edit_distance(text, known)) : edit_distance(text, known);
}

std::string unknown_key(std::string_view key, std::span<const std::string_view> known, std::string_view hint) {
    const std::string_view candidate = nearest(key, known);
    const bool likely = unlikeliness(key, candidate) <= candidate.size() / 3;
    return likely ? "unknown key; did you mean " + quote(candidate) + "?"
                  : "unknown key; the nearest known one is " + quote(candidate) + std::string(hint);
}

}  // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
    const std::string from = letters_of(left);
    const std::string to = letters_of(right);
    // Row i holds the distances of from's first i letters to each beginning of `to`.
    std::vector<std::vector<std::size_t>> rows(from.size() + 1, std::vector<std::size_t>(to.size() + 1));
    for (std::size_t i = 0; i <= from.size(); ++i) {
        for (std::size_t j = 0; j <= to.size(); ++j) {
            if (i == 0 || j == 0) {
                rows[i][j] = i + j;
                continue;
            }
            const std::size_t changed = rows[i - 1][j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, changed});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
                rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
            }
        }
    }
    return rows.back().back();
}

std::string_view nearest(std::string_view text, std::span<const std::string_view> known) {
    return *std::min_element(known.begin(), known.end(), [text](std::string_view left, std::string_view right) {
        return unlikeliness(text, left) < unlikeliness(text, right);
    });
}

void report_unknown_keys(const Node& mapping, const std::string& path, std::span<const std::string_view> known,
                         std::string_view hint, Problems& problems) {
    for (const Entry& entry : mapping.entries) {
        if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
        // A list that is full keeps no messages, and distances are dear.
        problems.add(entry.offset, child_path(path, entry.key),
                     problems.is_full() ? std::string() : unknown_key(entry.key, known, hint));
    }
}

}  // namespace approvekit::policy
