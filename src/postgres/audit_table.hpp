#pragma once

#include "approvekit/storage.hpp"
#include "postgres/access.hpp"
#include "postgres/chain_end.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::postgres {

/// The tables audit_log and approvekit_audit, of one transaction or one look.
///
/// audit_log contains the decisions approved, rejected and timeout; approvekit_audit contains the chain, one row for
/// each entry, and the entries of all other kinds. New entries are kept back until the transaction ends or needs them,
/// since nobody else can write to the end of a chain from then until the commit.
///
/// With several lanes, a transaction uses one that is free. Then places come from a sequence, and an entry may become
/// visible after one with a higher place. So whatever needs all entries goes only up to where no entry can appear any
/// more (settled_end.hpp). After own_end(), new entries are in no lane and join all lanes (record::ChainEnds).
class AuditTable final : public record::Entries {
public:
    explicit AuditTable(Access access) noexcept : access_(access) {}

    void append(const record::AuditRecord& record) override;
    [[nodiscard]] std::vector<record::OpenIntent> open_intents(std::int64_t session) override;
    /// Reads the whole table.
    [[nodiscard]] bool is_open_intent(const std::string& entry_id) override;
    [[nodiscard]] std::optional<record::AuditRecord> settlement(std::string_view request_id) override;
    [[nodiscard]] std::optional<record::AuditRecord> find(std::string_view request_id,
                                                          std::string_view entry_id) override;
    [[nodiscard]] std::optional<record::AuditRecord> find_intent(std::string_view entry_id) override;
    void each_of(std::string_view request_id,
                 const std::function<void(std::int64_t, const record::AuditRecord&)>& look) override;
    bool each_of_stretch(std::int64_t& from, const std::function<bool(const Placed&)>& look) override;
    bool each_of_few(std::int64_t& from, std::size_t most, const std::function<bool(const Placed&)>& look) override;
    [[nodiscard]] std::int64_t last_place() override;
    void own_end() override;
    void remove(std::int64_t sequence, const std::string& entry_id) override;
    [[nodiscard]] AuditPage list(const AuditQuery& query) override;
    /// Returns how many rows of audit_log have no row in approvekit_audit.
    [[nodiscard]] std::int64_t strangers() override;
    void look_up_to(std::int64_t place) noexcept override { last_place_ = place; }

    /// Writes what was kept back.
    void write_out();

private:
    /// Returns the places of the entries that were kept back, in order.
    [[nodiscard]] std::vector<std::int64_t> next_places();
    /// Moves `end` to the entry that it writes.
    void write_behind(ChainEnd& end, std::int64_t sequence, const record::AuditRecord& record);
    [[nodiscard]] const record::AuditRecord* kept_back(
        const std::function<bool(const record::AuditRecord&)>& is_wanted) const;

    Access access_;
    std::optional<ChainEnd> end_;
    std::int64_t last_place_ = std::numeric_limits<std::int64_t>::max();
    std::vector<record::AuditRecord> kept_back_;
};

}  // namespace approvekit::postgres
