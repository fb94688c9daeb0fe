#pragma once

#include "approvekit/audit_archive.hpp"
#include "record/contract/limited.hpp"
#include "support/temporary_directory.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>

#ifdef APPROVEKIT_CONTRACT_OF_POSTGRES
#define ARCHIVE_TEST(name) TEMPLATE_TEST_CASE(name, "[contract]", Postgres, PostgresInOneLane)
#else
#define ARCHIVE_TEST(name) TEMPLATE_TEST_CASE(name, "[contract]", Sqlite)
#endif

/// A record of some engine, of which a part is moved into files.
namespace approvekit::contract {

struct Archived : Limited {
    using Limited::Limited;

    [[nodiscard]] ArchiveOrder order(const std::string& name, const Signer* signer = nullptr) const {
        ArchiveOrder order;
        order.before = engine->clock->now();
        order.file = folder / name;
        order.reviewer = "ana";
        order.way = "terminal";
        order.signer = signer;
        return order;
    }
    /// Archives everything so far, after some time has passed.
    [[nodiscard]] ArchiveResult archive(const std::string& name = "first",
                                        std::chrono::seconds later = std::chrono::minutes{1}) const {
        engine->clock->pass(later);
        return other->archive(order(name));
    }
    /// A request that was approved and has run, and a call that the policy allowed and that has run.
    void live_through() const {
        execute();
        static_cast<void>(allowed_and_ended());
        storage->flush();
    }
    [[nodiscard]] std::string allowed() const {
        return storage->record_intent({"read_file", "{}", "{}", "auto-approved by policy", "test"});
    }
    [[nodiscard]] std::string allowed_and_ended() const {
        const std::string entry = allowed();
        storage->finish({entry, std::string(auto_request_id), "read_file", RunState::executed, ""});
        storage->flush();
        return entry;
    }
    [[nodiscard]] std::set<std::int64_t> places() const {
        std::set<std::int64_t> places;
        AuditQuery query{.request_id = {}, .limit = 200, .cursor = {}, .oldest_first = true};
        do {
            const AuditPage page = other->audit(query);
            for (const AuditEntry& entry : page.entries)
                places.insert(entry.sequence);
            query.cursor = page.next;
        } while (!query.cursor.empty());
        return places;
    }
    [[nodiscard]] ArchiveReport read(const std::string& name) const {
        std::ifstream file(folder / name, std::ios::binary);
        return verify_archive(file);
    }
    [[nodiscard]] std::string text_of(const std::string& name) const {
        std::ifstream file(folder / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    [[nodiscard]] std::string fault() const {
        const AuditReport report = other->verify_audit();
        return report.intact() ? "" : report.fault->subject() + ": " + report.fault->what;
    }

    TemporaryDirectory folder;
};

}  // namespace approvekit::contract
