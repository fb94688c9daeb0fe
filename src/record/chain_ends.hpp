#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace approvekit::record {

/// As reports and checkpoints show a hash.
[[nodiscard]] std::string hex_of(std::string_view hash);
/// The 32 bytes that stand in `text` as hex_of writes them; empty for anything else.
[[nodiscard]] std::string hash_bytes(std::string_view text);

/// What the next entries of a record follow from, each in its lane or in none.
///
/// The first entry of a lane follows from the last one in no lane. An entry in no lane follows from the ends of all lanes,
/// which end with it: so nothing of a lane can be taken away unnoticed before it, and a record goes on with another number
/// of lanes. A plain value.
class ChainEnds {
public:
    /// Before the first entry.
    ChainEnds() = default;
    /// There are no lanes since the entry with that hash of 32 bytes.
    explicit ChainEnds(std::string hash) : joined_(std::move(hash)) {}

    /// What the next entry of that lane, or in none, follows from; empty where it is the first one.
    [[nodiscard]] std::string before(std::optional<std::int64_t> lane) const;
    /// The next entry, by its lane and its hash. An empty hash: another program wrote it. Lanes end with such a one too, so
    /// that none can be put in among their entries.
    void pass(std::optional<std::int64_t> lane, std::string_view hash);

    /// One hash of all: without lanes the last one, as it is.
    [[nodiscard]] std::string combined() const;
    [[nodiscard]] bool has_lanes() const noexcept { return !lanes_.empty(); }

    /// As it is stored: the hash, or text() where there are lanes.
    [[nodiscard]] std::string bytes() const;
    /// As it is shown: the hash in hexadecimal, behind which each lane stands with its own, in their order.
    [[nodiscard]] std::string text() const;

    /// The reverse; nothing for what is not written exactly so.
    [[nodiscard]] static std::optional<ChainEnds> of_bytes(std::string_view bytes);
    [[nodiscard]] static std::optional<ChainEnds> of_text(std::string_view text);

private:
    [[nodiscard]] static std::optional<ChainEnds> of_lanes(std::string_view text);

    std::string joined_;                         // the last one in no lane; empty: there is none
    std::map<std::int64_t, std::string> lanes_;  // the last one of each since then
};

}  // namespace approvekit::record
