#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace approvekit::record {

/// Returns a hash as reports and checkpoints show it.
[[nodiscard]] std::string hex_of(std::string_view hash);
/// The reverse: returns 32 bytes, or an empty text for anything that hex_of would write differently.
[[nodiscard]] std::string hash_bytes(std::string_view text);

/// What the next entries of a record follow, each in its lane or in none.
///
/// The first entry of a lane follows the last entry in no lane, and the place of that entry. An entry in no lane
/// follows the ends of all lanes, and joins them: each lane starts again after it. So nothing of a lane before it can
/// be removed without being noticed, and the record can continue with another number of lanes. A plain value.
class ChainEnds {
public:
    /// Before the first entry.
    ChainEnds() = default;
    /// After the entry in no lane in that place, with its hash of 32 bytes.
    ChainEnds(std::int64_t place, std::string hash) : joined_place_(place), joined_(std::move(hash)) {}

    /// Returns what the next entry in that lane, or in none, follows; empty if it is the first one.
    [[nodiscard]] std::string before(std::optional<std::int64_t> lane) const;
    /// Takes the next entry, with its place, its lane and its hash. An empty hash means that another program wrote it;
    /// such an entry joins the lanes too. Since the first entry of each lane after it follows its place, none can be
    /// inserted or removed before such an entry without being noticed.
    void pass(std::int64_t place, std::optional<std::int64_t> lane, std::string_view hash);

    /// Returns one hash over all ends; without lanes, the last hash itself.
    [[nodiscard]] std::string combined() const;
    [[nodiscard]] bool has_lanes() const noexcept { return !lanes_.empty(); }
    /// Returns the place of the last entry in no lane; 0 if there is none.
    [[nodiscard]] std::int64_t joined_place() const noexcept { return joined_place_; }

    /// As it is stored: the hash, or text() if there are lanes.
    [[nodiscard]] std::string bytes() const;
    /// As it is shown: the hash in hexadecimal. If there are lanes, "@" and its place follow, and then each lane with
    /// its last hash, in order.
    [[nodiscard]] std::string text() const;

    /// The reverse; nothing for anything that is not written exactly like this. `place` is that of the last entry.
    [[nodiscard]] static std::optional<ChainEnds> of_bytes(std::string_view bytes, std::int64_t place);
    [[nodiscard]] static std::optional<ChainEnds> of_text(std::string_view text, std::int64_t place);

private:
    [[nodiscard]] static std::optional<ChainEnds> of_lanes(std::string_view text);

    std::int64_t joined_place_ = 0;              // of the last entry in no lane; 0: there is none
    std::string joined_;                         // the last hash in no lane, or all ends before another program's entry
    std::map<std::int64_t, std::string> lanes_;  // the last hash of each lane since then
};

}  // namespace approvekit::record
