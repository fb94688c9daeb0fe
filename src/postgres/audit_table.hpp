#pragma once

#include "approvekit/storage.hpp"
#include "postgres/access.hpp"
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
/// audit_log holds the decisions approved, rejected and timeout; approvekit_audit holds the chain, one row an entry, and
/// the rest of the entries. What is appended is kept back until the transaction ends, or somebody asks for entries: whoever
/// writes to the end of a chain keeps all others from it until its commit.
///
/// With several chains a transaction takes one that is free. Places come from a sequence then, so that one may become
/// visible behind a higher one: what goes over all entries, oldest first, goes as far as nothing can come any more.
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
    /// How many rows of audit_log have no place in the chain's table.
    [[nodiscard]] std::int64_t strangers() override;
    [[nodiscard]] std::int64_t lanes() override;
    /// Waits for transactions that are writing entries, where there are several chains.
    [[nodiscard]] std::int64_t settled_end() override;
    void look_up_to(std::int64_t place) noexcept override { last_place_ = place; }

    /// Writes what was kept back.
    void write_out();

private:
    /// The end of a chain, which nobody else has until the commit.
    struct End {
        record::ChainHead head;
        std::optional<std::int64_t> lane;  ///< nothing: there is one chain, whose places have no gaps
        std::vector<std::int64_t> places;  ///< those to be used next, the last one first
    };

    [[nodiscard]] End locked_end();
    /// Takes as many places as are kept back.
    void take_places(End& end);
    /// Moves `end` on to what it wrote.
    void write_behind(End& end, const record::AuditRecord& record);
    [[nodiscard]] const record::AuditRecord* kept_back(
        const std::function<bool(const record::AuditRecord&)>& is_wanted) const;

    Access access_;
    std::optional<End> end_;
    std::int64_t last_place_ = std::numeric_limits<std::int64_t>::max();
    std::vector<record::AuditRecord> kept_back_;
};

}  // namespace approvekit::postgres
