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

/// What the audit came to at a moment, for keeping where nobody who can write the database can write.
///
/// With it, a chain that was cut or rewritten is found out, which the chain alone cannot show. Signed, it also
/// tells who made it and that it was not changed since. A plain value.
struct Checkpoint {
    std::string database;  ///< the hash of the record's first entry, which no other record has
    std::int64_t sequence = 0;
    std::string head;  ///< the hash of the entry at `sequence`
    Time time{};

    std::string reviewer;    ///< who signed it; empty: nobody
    std::string public_key;  ///< base64
    std::string signature;   ///< base64

    /// Of a record that was just checked. Throws Error (invalid_option) when it is empty, and StorageError
    /// (storage_corrupt) when it is not intact: nothing vouches for either.
    [[nodiscard]] static Checkpoint of(const AuditReport& report, Time time);

    /// Reads one line of line(), blanks around it aside. Throws Error (invalid_option) for anything else.
    [[nodiscard]] static Checkpoint parse(std::string_view line);

    /// One line of canonical JSON, without its end.
    [[nodiscard]] std::string line() const;

    void sign_with(const Signer& signer);
    [[nodiscard]] bool is_signed() const noexcept { return !signature.empty(); }

    /// Why none of `trusted` vouches for this line; nothing when one does. A reviewer without a name stands for any.
    [[nodiscard]] std::optional<std::string> doubt(const std::vector<TrustedReviewer>& trusted) const;

    /// What of the record is not as it was at this checkpoint; nothing when all is. `report` is of an intact record,
    /// and its mark was `sequence`.
    [[nodiscard]] std::optional<std::string> objection(const AuditReport& report) const;

private:
    [[nodiscard]] Json statement() const;
};

}  // namespace approvekit
