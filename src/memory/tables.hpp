#pragma once

#include "approvekit/error.hpp"
#include "memory/state.hpp"
#include "record/tables.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::memory {

/// The rows of requests. Like every table here, refers to the state, which must outlive it.
class RequestsTable final : public record::Requests {
public:
    explicit RequestsTable(State& state) noexcept : state_(state) {}

    void insert(const ApprovalRequest& request) override;
    void settle(const std::string& id, ApprovalStatus status, const std::string& reviewed_at,
                const std::optional<std::string>& notes) override;
    [[nodiscard]] std::optional<record::StoredRequest> find(std::string_view id) override;
    [[nodiscard]] std::vector<std::string> reopened() override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredRequest>& look) override;
    [[nodiscard]] std::vector<std::string> find_ids(std::string_view prefix, std::size_t limit) override;
    [[nodiscard]] RequestPage list(const RequestQuery& query, const record::Moment& now,
                                   const record::CompleteRequest& complete) override;

private:
    State& state_;
};

/// What is kept beside the rows.
class BindingsTable final : public record::Bindings {
public:
    explicit BindingsTable(State& state) noexcept : state_(state) {}

    void insert(const ApprovalRequest& request, const record::Binding& binding) override;
    void bind(const std::string& id, std::int64_t session) override;
    void keep_deadline_in(const std::string& boot_id, const std::string& id, std::int64_t boot_deadline) override;
    void start(const std::string& id, const std::string& at) override;
    void set_boot_deadline(const std::string& id, std::int64_t boot_deadline) override;
    void close(const std::string& id, RunState run, const std::string& note, const std::string& at) override;
    [[nodiscard]] std::vector<std::string> due(const record::Moment& moment) override;
    [[nodiscard]] std::vector<std::string> decided_before(const record::Moment& moment) override;
    [[nodiscard]] std::vector<std::string> open_of(std::int64_t session) override;
    [[nodiscard]] std::vector<std::string> left_in_other_boots(const std::string& boot_id) override;
    [[nodiscard]] std::optional<SubmittedView> submitted(std::string_view id) override;
    [[nodiscard]] std::optional<record::StoredRun> run_of(std::string_view id) override;
    [[nodiscard]] std::vector<std::string> orphans() override;

private:
    template <typename Change>
    void change(const std::string& id, Change change);

    State& state_;
};

class DecisionsTable final : public record::Decisions {
public:
    explicit DecisionsTable(State& state) noexcept : state_(state) {}

    void insert(const record::StoredDecision& decision) override;
    [[nodiscard]] std::optional<record::StoredDecision> find(std::string_view request_id) override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredDecision>& look) override;

private:
    State& state_;
};

class VotesTable final : public record::Votes {
public:
    explicit VotesTable(State& state) noexcept : state_(state) {}

    void insert(const record::StoredDecision& vote) override;
    [[nodiscard]] std::vector<record::StoredDecision> of(std::string_view request_id) override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredDecision>& look) override;

private:
    State& state_;
};

class UsesTable final : public record::Uses {
public:
    explicit UsesTable(State& state) noexcept : state_(state) {}

    void insert(const record::StoredUse& use) override;
    [[nodiscard]] std::optional<record::StoredUse> last(std::string_view limit, std::string_view bucket) override;
    [[nodiscard]] std::optional<record::StoredUse> first_after(std::string_view limit, std::string_view bucket,
                                                               std::int64_t at) override;
    [[nodiscard]] std::optional<record::StoredUse> before(const record::StoredUse& use) override;
    [[nodiscard]] std::optional<record::StoredUse> find(std::string_view start) override;
    void give_back(const record::StoredUse& use) override;
    void lower_totals(std::string_view limit, std::string_view bucket, std::int64_t by) override;
    void forget(std::string_view limit, std::string_view bucket, std::int64_t at) override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredUse>& look) override;

private:
    State& state_;
};

class GrantsTable final : public record::Grants {
public:
    explicit GrantsTable(State& state) noexcept : state_(state) {}

    void insert(const record::StoredGrant& grant) override;
    void revoke(const record::StoredGrant& grant) override;
    [[nodiscard]] std::optional<record::StoredGrant> find(std::string_view id) override;
    [[nodiscard]] std::vector<record::StoredGrant> of(std::string_view tool_name, std::string_view agent,
                                                      std::string_view now) override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredGrant>& look) override;

    void insert_use(const record::StoredGrantUse& use) override;
    [[nodiscard]] std::optional<record::StoredGrantUse> last_use(std::string_view grant) override;
    [[nodiscard]] std::optional<record::StoredGrantUse> use_at(std::string_view grant, std::int64_t place) override;
    void forget_uses(std::string_view grant, std::int64_t place) override;
    [[nodiscard]] std::optional<record::StoredGrantUse> find_use(std::string_view start) override;
    bool each_use_of_stretch(std::int64_t& from, const record::Look<record::StoredGrantUse>& look) override;

private:
    State& state_;
};

class SessionsTable final : public record::Sessions {
public:
    explicit SessionsTable(State& state) noexcept : state_(state) {}

    void end(std::int64_t number, const std::string& ended_at) override;
    void resume(std::int64_t number) override;
    [[nodiscard]] bool is_open(std::int64_t number) override;
    [[nodiscard]] std::string objection(std::int64_t number, std::int64_t sequence) override;
    [[nodiscard]] std::optional<AgentSession> find(std::int64_t number) override;

private:
    State& state_;
};

class KeysTable final : public record::Keys {
public:
    explicit KeysTable(State& state) noexcept : state_(state) {}

    void insert(const record::StoredKey& asked) override;
    [[nodiscard]] std::optional<record::StoredKey> find(std::string_view key) override;
    [[nodiscard]] bool has_request(std::string_view request_id) override;
    void finish(std::string_view entry_id, RunState state, std::string_view note) override;
    void outlive(std::string_view request_id, RunState state, std::string_view note) override;
    void lose(std::int64_t session, std::string_view note) override;

private:
    template <typename Is>
    void end(Is is, RunState state, std::string_view note);

    State& state_;
};

class StopsTable final : public record::Stops {
public:
    explicit StopsTable(State& state) noexcept : state_(state) {}

    void insert(const record::StoredStop& stop) override;
    void lift(const record::StoredStop& stop) override;
    [[nodiscard]] std::optional<record::StoredStop> find(std::string_view id) override;
    [[nodiscard]] std::vector<Stop> in_force() override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredStop>& look) override;
    [[nodiscard]] std::vector<Stop> list(StopList which) override;

private:
    State& state_;
};

class AuditTable final : public record::Entries {
public:
    explicit AuditTable(State& state) noexcept : state_(state) {}

    void append(const record::AuditRecord& record) override;
    [[nodiscard]] std::vector<record::OpenIntent> open_intents(std::int64_t session) override;
    [[nodiscard]] bool is_open_intent(const std::string& entry_id) override;
    [[nodiscard]] std::optional<record::AuditRecord> settlement(std::string_view request_id) override;
    [[nodiscard]] std::optional<record::AuditRecord> find(std::string_view request_id,
                                                          std::string_view entry_id) override;
    [[nodiscard]] std::optional<record::AuditRecord> find_intent(std::string_view entry_id) override;
    void each_of(std::string_view request_id,
                 const std::function<void(std::int64_t, const record::AuditRecord&)>& look) override;
    bool each_of_stretch(std::int64_t& from, const std::function<bool(const Placed&)>& look) override;
    [[nodiscard]] std::int64_t last_place() override;
    void remove(std::int64_t sequence, const std::string& entry_id) override;
    [[nodiscard]] AuditPage list(const AuditQuery& query) override;

private:
    State& state_;
};

/// Within one process nobody has to look for changes, since the database tells of them.
class ChangesTable final : public record::Changes {
public:
    void add(const std::string& /*request_id*/, std::string_view /*status*/) override {}
};

/// For attempts to move a part of a record in memory into a file.
[[nodiscard]] StorageError no_archives();

/// For a cursor that does not come from a page.
[[nodiscard]] Error not_a_cursor();

/// Moves the first `limit` of `all`, which is in order, to `page`. Returns whether there are more.
template <typename Value>
bool move_page(std::vector<Value>& all, std::size_t limit, std::vector<Value>& page) {
    const bool has_more = all.size() > limit;
    if (has_more) all.erase(all.begin() + static_cast<std::ptrdiff_t>(limit), all.end());
    page = std::move(all);
    return has_more;
}

/// A record in memory has no archives.
class ArchivesTable final : public record::Archives {
public:
    [[nodiscard]] record::ChainStart start() override { return {}; }
    void move_start(const record::ChainStart& /*start*/) override { throw no_archives(); }
    void insert(const ArchiveAnchor& /*anchor*/) override { throw no_archives(); }
    [[nodiscard]] std::optional<ArchiveAnchor> last() override { return std::nullopt; }
    [[nodiscard]] std::vector<ArchiveAnchor> all() override { return {}; }
    void begin_plan(const std::string& /*id*/) override { throw no_archives(); }
    [[nodiscard]] bool has_plan(const std::string& /*id*/) override { return false; }
    bool forget_plan(std::int64_t /*last*/, std::size_t /*most*/) override { throw no_archives(); }
    void keep(const record::KeptEntry& /*entry*/) override { throw no_archives(); }
    void let_leave(std::int64_t /*sequence*/) override { throw no_archives(); }
    void settle_plan() override { throw no_archives(); }
    void forget_kept(std::int64_t /*sequence*/) override { throw no_archives(); }
    [[nodiscard]] std::optional<record::KeptEntry> kept(std::int64_t /*sequence*/) override { return std::nullopt; }
    [[nodiscard]] std::optional<record::KeptEntry> first_leaving() override { return std::nullopt; }
};

/// It has no holds either.
class HoldsTable final : public record::Holds {
public:
    void insert(const record::StoredHold& /*hold*/) override { throw no_archives(); }
    void end(const record::StoredHold& /*hold*/) override { throw no_archives(); }
    [[nodiscard]] std::optional<record::StoredHold> find(std::string_view /*subject*/) override { return std::nullopt; }
    [[nodiscard]] std::vector<record::StoredHold> list(bool /*all*/) override { return {}; }
    bool each_of_stretch(std::int64_t& /*from*/,
                         const std::function<bool(const record::StoredHold&, const std::string&)>& /*look*/) override {
        return false;
    }
};

/// Its rows are never moved.
class PortableRows final : public record::PortableRows {
public:
    [[nodiscard]] std::vector<record::PortableRow> of(const record::PortableTable& /*table*/,
                                                      std::string_view /*subject*/) override {
        throw no_archives();
    }
    void remove(const record::PortableTable& /*table*/, std::string_view /*subject*/) override { throw no_archives(); }
    [[nodiscard]] std::vector<record::PortableRow> behind(const record::PortableTable& /*table*/,
                                                          const std::optional<std::string>& /*last*/,
                                                          std::size_t /*limit*/) override {
        throw no_archives();
    }
    void insert(const record::PortableTable& /*table*/, const record::PortableRow& /*row*/) override {
        throw no_archives();
    }
    void number_behind(const record::PortableTable& /*table*/) override { throw no_archives(); }
};

/// All tables on one state.
class Tables {
public:
    explicit Tables(State& state) noexcept
        : requests_(state),
          bindings_(state),
          decisions_(state),
          sessions_(state),
          audit_(state),
          keys_(state),
          stops_(state),
          votes_(state),
          uses_(state),
          grants_(state) {}

    [[nodiscard]] record::Tables of_record() noexcept {
        return {requests_, bindings_, decisions_, sessions_, audit_,    changes_, keys_,
                stops_,    votes_,    uses_,      grants_,   archives_, holds_,   portable_};
    }

private:
    RequestsTable requests_;
    BindingsTable bindings_;
    DecisionsTable decisions_;
    SessionsTable sessions_;
    AuditTable audit_;
    ChangesTable changes_;
    KeysTable keys_;
    StopsTable stops_;
    VotesTable votes_;
    UsesTable uses_;
    GrantsTable grants_;
    ArchivesTable archives_;
    HoldsTable holds_;
    PortableRows portable_;
};

}  // namespace approvekit::memory
