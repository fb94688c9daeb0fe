#include "record/chain_ends.hpp"

#include "approvekit/digest.hpp"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <tuple>

namespace approvekit::record {

namespace {

constexpr std::size_t hash_size = std::tuple_size_v<Digest>;

/// Returns the text up to the next blank, and removes both from `text`.
std::string_view next_word(std::string_view& text) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    return word;
}

std::string digest_bytes(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::optional<std::int64_t> number_in(std::string_view word) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    return number;
}

}  // namespace

std::string hex_of(std::string_view hash) {
    return to_hex({reinterpret_cast<const std::uint8_t*>(hash.data()), hash.size()});
}

std::string hash_bytes(std::string_view text) {
    Digest bytes{};
    sodium_hex2bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, nullptr, nullptr);
    if (to_hex(bytes) != text) return {};
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string ChainEnds::before(std::optional<std::int64_t> lane) const {
    if (!lane) return combined();
    if (const auto last = lanes_.find(*lane); last != lanes_.end()) return last->second;
    if (joined_place_ == 0 && joined_.empty()) return {};
    return digest_bytes(digest_of_fields({"approvekit lane 1", joined_, std::to_string(joined_place_)}));
}

void ChainEnds::pass(std::int64_t place, std::optional<std::int64_t> lane, std::string_view hash) {
    if (lane && !hash.empty()) {
        lanes_[*lane] = hash;
        return;
    }
    joined_ = hash.empty() ? combined() : std::string(hash);
    joined_place_ = place;
    lanes_.clear();
}

std::string ChainEnds::combined() const {
    if (!has_lanes()) return joined_;
    return digest_bytes(digest_of_fields({"approvekit lanes 1", text()}));
}

std::string ChainEnds::bytes() const {
    return has_lanes() ? text() : joined_;
}

std::string ChainEnds::text() const {
    std::string all = hex_of(joined_);
    if (has_lanes() && joined_place_ > 0) all += "@" + std::to_string(joined_place_);
    for (const auto& [lane, hash] : lanes_)
        all += " " + std::to_string(lane) + " " + hex_of(hash);
    return all;
}

std::optional<ChainEnds> ChainEnds::of_bytes(std::string_view bytes, std::int64_t place) {
    // With lanes, the text is longer than a hash.
    if (bytes.empty() || bytes.size() == hash_size) return ChainEnds(place, std::string(bytes));
    return of_lanes(bytes);
}

std::optional<ChainEnds> ChainEnds::of_text(std::string_view text, std::int64_t place) {
    if (text.find(' ') != std::string_view::npos) return of_lanes(text);
    ChainEnds ends(place, hash_bytes(text));
    return ends.text() == text ? std::optional(std::move(ends)) : std::nullopt;
}

std::optional<ChainEnds> ChainEnds::of_lanes(std::string_view text) {
    std::string_view rest = text;
    const std::string_view joined = next_word(rest);
    const std::size_t mark = std::min(joined.find('@'), joined.size());
    ChainEnds ends(number_in(joined.substr(std::min(mark + 1, joined.size()))).value_or(0),
                   hash_bytes(joined.substr(0, mark)));
    while (!rest.empty()) {
        const auto lane = number_in(next_word(rest));
        const std::string hash = hash_bytes(next_word(rest));
        if (!lane || hash.empty()) return std::nullopt;
        ends.lanes_[*lane] = hash;
    }
    // A text that text() would write differently may mean something that is not understood here.
    return ends.has_lanes() && ends.text() == text ? std::optional(std::move(ends)) : std::nullopt;
}

}  // namespace approvekit::record
