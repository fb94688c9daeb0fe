#pragma once

#include "postgres/access.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace approvekit::postgres {

/// The table approvekit_keys: what was asked with idempotency keys. Calls without a key do not read or write it. A
/// transaction that looks for a key keeps everybody else from it until the commit, whether it was asked before or not.
class KeysTable final : public record::Keys {
public:
    explicit KeysTable(Access access) noexcept : access_(access) {}

    void insert(const record::StoredKey& asked) override;
    [[nodiscard]] std::optional<record::StoredKey> find(std::string_view key) override;
    [[nodiscard]] bool has_request(std::string_view request_id) override;
    void finish(std::string_view entry_id, RunState state, std::string_view note) override;
    void outlive(std::string_view request_id, RunState state, std::string_view note) override;
    void lose(std::int64_t session, std::string_view note) override;

private:
    Access access_;
};

}  // namespace approvekit::postgres
