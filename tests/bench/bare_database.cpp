#include "bare_database.hpp"

#include "sample_call.hpp"

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string_view>

namespace approvekit::bench {
namespace {

constexpr std::string_view timestamp = "2026-01-02T03:04:05.678901+00:00";
constexpr std::string_view hash = "0123456789abcdef0123456789abcdef";
constexpr std::string_view grant_id = "01234567-89ab-4def-8123-456789abcdef";
constexpr std::string_view limit_id = "fedcba9876543210fedcba9876543210";

/// A file with our tables, created by our library.
const std::filesystem::path& with_schema(const std::filesystem::path& path) {
    const SqliteStorage storage(path);
    return path;
}

/// In the form that an agent writes.
std::string granted_metadata() {
    Json metadata = Json::parse(*granting_policy().evaluate(tool_name).metadata);
    metadata["grant"] = {{"id", grant_id}};
    return metadata.dump();
}

std::string limited_metadata() {
    Json metadata = Json::parse(*limiting_policy().evaluate(tool_name).metadata);
    metadata["limit"] = {{"id", limit_id}, {"millionths", 1'000'000}, {"per", 86'400}};
    return metadata.dump();
}

void set_text(const BareDatabase::Statement& statement, int index, std::string_view text) {
    sqlite3_bind_text(statement.get(), index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

}  // namespace

BareDatabase::BareDatabase(const std::filesystem::path& path) {
    sqlite3* handle = nullptr;
    const int result = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    handle_.reset(handle);
    if (result != SQLITE_OK) throw std::runtime_error(path.string() + ": " + sqlite3_errstr(result));
    sqlite3_busy_timeout(handle, 5000);
}

BareDatabase BareDatabase::counterpart(const std::filesystem::path& path, Durability durability) {
    BareDatabase database(with_schema(path));
    database.without_triggers();
    database.run("PRAGMA journal_mode = WAL");
    database.run(durability == Durability::full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    return database;
}

void BareDatabase::without_triggers() {
    sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
}

void BareDatabase::run(const std::string& sql) {
    if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sql + ": " + sqlite3_errmsg(handle_.get()));
    }
}

BareDatabase::Statement BareDatabase::prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sql + ": " + sqlite3_errmsg(handle_.get()));
    }
    return Statement(statement);
}

void BareDatabase::step(const Statement& statement) {
    if (sqlite3_step(statement.get()) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(handle_.get()));
    sqlite3_reset(statement.get());
}

std::string unique_id(std::int64_t number) {
    const std::uint64_t mixed = static_cast<std::uint64_t>(number) * 0x9E3779B97F4A7C15U;
    std::array<char, 37> text{};
    std::snprintf(text.data(), text.size(), "%016llx-0000-4000-%09lld", static_cast<unsigned long long>(mixed),
                  static_cast<long long>(number));
    return text.data();
}

BareCalls::BareCalls(const std::filesystem::path& path, Durability durability, Kind kind)
    : database_(BareDatabase::counterpart(path, durability)),
      begin_(database_.prepare("BEGIN IMMEDIATE")),
      decision_(database_.prepare("INSERT INTO audit_log VALUES (?, 'auto', ?, ?, 'approved', ?, 'auto-approved by "
                                  "policy', ?)")),
      link_(database_.prepare("INSERT INTO approvekit_audit(seq, entry_id, request_id, event, reviewer, way, follows, "
                              "is_signed, session, hash) VALUES (?, ?, 'auto', 'approved', 'policy', 'policy', '', 0, "
                              "1, ?)")),
      outcome_(database_.prepare("INSERT INTO approvekit_audit(seq, entry_id, request_id, event, reviewer, way, "
                                 "follows, is_signed, session, hash, tool_name, tool_args, timestamp, notes, "
                                 "metadata) VALUES (?, ?, 'auto', 'executed', '', 'agent', ?, 0, 1, ?, ?, '{}', ?, "
                                 "NULL, '{}')")),
      use_(
          database_.prepare("INSERT INTO approvekit_uses(limit_id, bucket, start, at, amount, total) VALUES (?, '', ?, "
                            "?, 1000000, ?)")),
      grant_use_(
          database_.prepare("INSERT INTO approvekit_grant_uses(grant_id, place, start, at) VALUES (?, ?, ?, ?)")),
      commit_(database_.prepare("COMMIT")),
      kind_(kind),
      arguments_(canonical_json(sample_arguments())),
      metadata_(kind == Kind::limited   ? limited_metadata()
                : kind == Kind::granted ? granted_metadata()
                                        : *allowing_policy().evaluate(tool_name).metadata) {}

void BareCalls::write_one() {
    const std::string before = unique_id(sequence_);
    const std::string outcome_id = unique_id(++sequence_);
    const std::int64_t outcome_sequence = sequence_;
    const std::string id = unique_id(++sequence_);

    set_text(decision_, 1, id);
    set_text(decision_, 2, tool_name);
    set_text(decision_, 3, arguments_);
    set_text(decision_, 4, timestamp);
    set_text(decision_, 5, metadata_);
    sqlite3_bind_int64(link_.get(), 1, sequence_);
    set_text(link_, 2, id);
    sqlite3_bind_blob(link_.get(), 3, hash.data(), static_cast<int>(hash.size()), SQLITE_STATIC);
    sqlite3_bind_int64(outcome_.get(), 1, outcome_sequence);
    set_text(outcome_, 2, outcome_id);
    set_text(outcome_, 3, before);
    sqlite3_bind_blob(outcome_.get(), 4, hash.data(), static_cast<int>(hash.size()), SQLITE_STATIC);
    set_text(outcome_, 5, tool_name);
    set_text(outcome_, 6, timestamp);
    for (const auto* statement : {&begin_, &outcome_, &decision_, &link_})
        database_.step(*statement);
    if (kind_ == Kind::limited) write_use(id);
    if (kind_ == Kind::granted) write_grant_use(id);
    database_.step(commit_);
}

void BareCalls::write_grant_use(const std::string& id) {
    set_text(grant_use_, 1, grant_id);
    sqlite3_bind_int64(grant_use_.get(), 2, sequence_);
    set_text(grant_use_, 3, id);
    set_text(grant_use_, 4, timestamp);
    database_.step(grant_use_);
}

void BareCalls::write_use(const std::string& id) {
    constexpr std::int64_t some_time = 1'700'000'000'000'000;
    constexpr std::int64_t one = 1'000'000;
    set_text(use_, 1, limit_id);
    set_text(use_, 2, id);
    sqlite3_bind_int64(use_.get(), 3, some_time + sequence_);
    sqlite3_bind_int64(use_.get(), 4, sequence_ * one);
    database_.step(use_);
}

}  // namespace approvekit::bench
