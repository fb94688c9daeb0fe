#pragma once

#include "approvekit/audit.hpp"
#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/signer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// The state of the audit at one moment. Keep it where nobody who can write the database can write.
///
/// With a checkpoint, you can detect that the chain was cut or rewritten, which the chain alone cannot show. A signed
/// checkpoint also proves who made it, and that it was not changed since. A plain value.
struct Checkpoint {
    std::string database;  ///< the hash of the record's first entry, which no other record has
    std::int64_t sequence = 0;
    std::string head;  ///< AuditReport::head at `sequence`: the hash of that entry, or one over the ends of all lanes
    Time time{};

    std::string reviewer;    ///< who signed it; empty: nobody
    std::string public_key;  ///< base64
    std::string signature;   ///< base64

    /// Makes a checkpoint of a record that was just checked. Throws Error (invalid_option) when the record is empty,
    /// and StorageError (storage_corrupt) when it is not intact.
    [[nodiscard]] static Checkpoint of(const AuditReport& report, Time time);

    /// Parses a line that line() wrote; blanks around it are ignored. Throws Error (invalid_option) for anything else.
    [[nodiscard]] static Checkpoint parse(std::string_view line);

    /// One line of canonical JSON, without the line end.
    [[nodiscard]] std::string line() const;

    void sign_with(const Signer& signer);
    [[nodiscard]] bool is_signed() const noexcept { return !signature.empty(); }

    /// Returns why no reviewer in `trusted` vouches for this line, or nothing when one does. An entry of `trusted`
    /// without a name matches any name.
    [[nodiscard]] std::optional<std::string> doubt(const std::vector<TrustedReviewer>& trusted) const;

    /// Returns what in the record differs from this checkpoint, or nothing when everything matches. `report` must come
    /// from an intact record that was checked with `sequence` as the mark.
    [[nodiscard]] std::optional<std::string> objection(const AuditReport& report) const;

private:
    [[nodiscard]] Json statement() const;
};

}  // namespace approvekit
