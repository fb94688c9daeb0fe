#include "sample_call.hpp"

#include "sqlite/connection.hpp"

#include <sqlite3.h>

#include <utility>

namespace approvekit::bench {
namespace {

std::shared_ptr<SqliteStorage> open(const std::filesystem::path& database, Durability durability, Sharing sharing) {
    SqliteStorage::Options options;
    options.sharing = sharing;
    options.durability = durability;
    return std::make_shared<SqliteStorage>(database, options);
}

PolicyRule rule_on_tool() {
    PolicyRule rule;
    rule.tool = tool_name;
    rule.risk_level = "high";
    return rule;
}

}  // namespace

const Json& sample_arguments() {
    static const Json arguments = {{"to", "ana@example.com"},
                                   {"subject", "The figures of this week"},
                                   {"body",
                                    "Dear Ana, the figures of this week are in, and they look better than "
                                    "those of the week before. The long table is where you would expect it; "
                                    "please read its last column first. Yours, the agent"}};
    return arguments;
}

Policy allowing_policy() {
    PolicyRule rule = rule_on_tool();
    rule.auto_approve = true;
    return Policy().add_rule(std::move(rule));
}

Policy limiting_policy() {
    PolicyRule rule = rule_on_tool();
    rule.auto_approve = true;
    rule.limit = PolicyLimit{.calls = 1'000'000, .per = std::chrono::hours{24}};
    return Policy().add_rule(std::move(rule));
}

Policy granting_policy() {
    PolicyRule rule = rule_on_tool();
    rule.require_approval = true;
    rule.grants = PolicyGrants{.uses = 10'000, .lasts = std::chrono::hours{24}};
    return Policy().add_rule(std::move(rule));
}

Policy holding_policy(std::chrono::seconds timeout) {
    PolicyRule rule = rule_on_tool();
    rule.timeout = timeout;
    rule.require_approval = true;
    return Policy().add_rule(std::move(rule));
}

bool has_journal() noexcept {
    return !sqlite::wal_is_safe(sqlite3_libversion_number());
}

SampleAgent::SampleAgent(const std::filesystem::path& database, Policy policy, Durability durability, Sharing sharing)
    : storage(open(database, durability, sharing)), kit(std::move(policy), storage) {}

void SampleAgent::call() const {
    Permit permit = kit.admit(tool_name, sample_arguments());
    permit.start(Json(sample_arguments()));  // created again, as guard() does
    permit.executed();
}

void SampleAgent::grant() const {
    PendingCall call = kit.submit(tool_name, sample_arguments());
    GrantTerms terms;
    terms.uses = 10'000;
    terms.lasts = std::chrono::hours{24};
    Reviewer(storage, "ann", "library").approve(call.request_id(), {.grant = terms});
    call.wait().executed();
}

}  // namespace approvekit::bench
