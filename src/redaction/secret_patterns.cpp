#include "redaction/secret_patterns.hpp"

#include "approvekit/redaction.hpp"
#include "keys/cryptography.hpp"
#include "text/ascii.hpp"
#include "text/utf8.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace approvekit {
namespace {

using Extent = SecretPattern::Extent;

/// Shorter ones stand in too many words by chance.
constexpr std::size_t shortest_anywhere = 4;

/// A longer word would stand nowhere by chance, and is found wherever it stands.
constexpr std::size_t longest_word = 32;

/// From this length on a secret leaves enough base64 characters that depend on nothing else.
constexpr std::size_t shortest_inside_base64 = 6;

/// A run of base64 is hidden as a whole, so that its beginning is enough to find it.
constexpr std::size_t longest_inside_base64 = 18;

bool can_be_secret(std::string_view text) {
    constexpr std::array<std::string_view, 3> literals = {"true", "false", "null"};
    if (text.empty() || std::find(literals.begin(), literals.end(), text) != literals.end()) return false;
    return text.size() < shortest_anywhere || redacted_text.find(text) == std::string_view::npos;
}

std::string base64(std::string_view text, int variant) {
    std::string encoded(sodium_base64_encoded_len(text.size(), variant), '\0');
    sodium_bin2base64(encoded.data(), encoded.size(), bytes_of(text), text.size(), variant);
    encoded.pop_back();  // the terminating zero
    return encoded;
}

/// The characters of base64 that depend on `secret` alone when `before` bytes precede it in their group of three.
std::string inside_base64(std::string_view secret, std::size_t before, int variant) {
    const std::string encoded = base64(std::string(before, '\0').append(secret), variant);
    const std::size_t shared_with_before = before == 0 ? 0 : before + 1;
    const std::size_t shared_with_after = (before + secret.size()) % 3 == 0 ? 0 : 1;
    return encoded.substr(shared_with_before, encoded.size() - shared_with_before - shared_with_after);
}

void add_base64(std::vector<SecretPattern>& patterns, std::string_view secret) {
    if (secret.size() < shortest_inside_base64) {
        for (const int variant : {sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
                                  sodium_base64_VARIANT_URLSAFE, sodium_base64_VARIANT_URLSAFE_NO_PADDING}) {
            patterns.push_back({base64(secret, variant), Extent::base64_token});
        }
        return;
    }
    const std::string_view beginning = secret.substr(0, longest_inside_base64);
    for (const int variant : {sodium_base64_VARIANT_ORIGINAL_NO_PADDING, sodium_base64_VARIANT_URLSAFE_NO_PADDING}) {
        for (const std::size_t before : {0U, 1U, 2U}) {
            patterns.push_back({inside_base64(beginning, before, variant), Extent::base64_run});
        }
    }
}

void add_patterns(std::vector<SecretPattern>& patterns, std::string_view secret, bool is_word) {
    patterns.push_back({std::string(secret), is_word ? Extent::token : Extent::anywhere});
    add_base64(patterns, secret);
}

/// The texts that can be secrets, each once.
std::vector<std::string_view> told_apart(const std::vector<std::string>& secrets) {
    std::vector<std::string_view> texts;
    for (const std::string& secret : secrets) {
        const std::string_view text = trimmed(secret);  // found with and without its blanks
        if (can_be_secret(text)) texts.push_back(text);
    }
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    return texts;
}

}  // namespace

std::vector<SecretPattern> patterns_of(const std::vector<std::string>& secrets, const std::vector<std::string>& words) {
    std::vector<SecretPattern> patterns;
    for (const std::string_view text : told_apart(secrets))
        add_patterns(patterns, text, count_characters(text) < shortest_anywhere);
    for (const std::string_view word : told_apart(words))
        add_patterns(patterns, word, word.size() <= longest_word);
    return patterns;
}

}  // namespace approvekit
