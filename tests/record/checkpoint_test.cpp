#include "approvekit/checkpoint.hpp"

#include "approvekit/error.hpp"
#include "approvekit/reviewer_key.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "support/catch.hpp"
#include "support/other_program.hpp"
#include "support/temporary_directory.hpp"

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

Checkpoint some_checkpoint() {
    return {.database = "d1",
            .sequence = 7,
            .head = "e2",
            .time = *parse_time("2026-01-31T09:05:00.000000"),
            .reviewer = {},
            .public_key = {},
            .signature = {}};
}

/// A record that grows, is copied, and is tampered with.
class CheckedRecord {
public:
    void add(int entries) {
        SqliteStorage storage(path, {.durability = Durability::relaxed, .sharing = Sharing::open});
        for (int count = 0; count < entries; ++count)
            static_cast<void>(storage.record_intent({"tool", "{}", "{}", "auto-approved by policy"}));
    }

    [[nodiscard]] AuditReport report(std::int64_t mark = 0) const {
        return SqliteStorage(path, {.durability = Durability::relaxed, .sharing = Sharing::open})
            .verify_audit({}, mark);
    }

    [[nodiscard]] Checkpoint checkpoint() const { return Checkpoint::of(report(), SystemClock().now()); }

    [[nodiscard]] std::string objection(const Checkpoint& checkpoint) const {
        const AuditReport found = report(checkpoint.sequence);
        REQUIRE(found.intact());
        return checkpoint.objection(found).value_or("");
    }

    void cut_after(std::int64_t sequence) const {
        SQLite::Database database = as_other_program(path);
        const std::string where = " WHERE seq > " + std::to_string(sequence);
        database.exec("DELETE FROM audit_log WHERE id IN (SELECT entry_id FROM approvekit_audit" + where + ")");
        database.exec("DELETE FROM approvekit_audit" + where);
    }

    TemporaryDirectory directory;
    std::filesystem::path path = directory / "agent.db";
};

}  // namespace

TEST_CASE("a checkpoint is one line that is read back, and no other line is") {
    Checkpoint checkpoint = some_checkpoint();
    CHECK(checkpoint.line() ==
          R"({"database":"d1","head":"e2","key":null,"reviewer":null,"sequence":7,"signature":null,)"
          R"("statement":"approvekit checkpoint 1","time":"2026-01-31T09:05:00.000000"})");
    CHECK(Checkpoint::parse(" " + checkpoint.line() + "\r\n").line() == checkpoint.line());
    checkpoint.sign_with(ReviewerKey::generate("ada"));
    const std::string line = checkpoint.line();
    CHECK(Checkpoint::parse(line).line() == line);
    for (const std::string& other : {std::string(), std::string("{}"), std::string("[]"), line.substr(1), line + line,
                                     std::string(line).replace(line.find("checkpoint 1"), 12, "checkpoint 2"),
                                     std::string(line).replace(line.find(":7,"), 3, ": 7,"),
                                     std::string(line).replace(line.find(":7,"), 3, ":\"7\","),
                                     std::string(line).replace(line.find("2026"), 4, "soon")}) {
        CAPTURE(other);
        CHECK_THROWS_WITH(Checkpoint::parse(other), ContainsSubstring("this is not a checkpoint"));
    }
}

TEST_CASE("H31 no byte of a signed checkpoint changes unnoticed") {
    const ReviewerKey ada = ReviewerKey::generate("ada");
    Checkpoint checkpoint = some_checkpoint();
    checkpoint.sign_with(ada);
    const std::vector<TrustedReviewer> trusted = {{"ada", ada.public_key()}};
    REQUIRE_FALSE(checkpoint.doubt(trusted));
    const std::string line = checkpoint.line();
    for (std::size_t byte = 0; byte < line.size(); ++byte) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string flipped = line;
            flipped[byte] = static_cast<char>(flipped[byte] ^ (1 << bit));
            try {
                const Checkpoint read = Checkpoint::parse(flipped);
                if (!read.doubt(trusted)) FAIL("bit " << bit << " of " << line.substr(byte, 30));
            } catch (const Error& refused) {
                CHECK(refused.code() == ErrorCode::invalid_option);
            }
        }
    }
}

TEST_CASE("a checkpoint counts with the signature of whom one trusts") {
    const ReviewerKey ada = ReviewerKey::generate("ada");
    const ReviewerKey ben = ReviewerKey::generate("ben");
    Checkpoint checkpoint = some_checkpoint();
    CHECK(checkpoint.doubt({{"ada", ada.public_key()}}).value() == "the checkpoint is unsigned");
    checkpoint.sign_with(ada);
    CHECK_FALSE(checkpoint.doubt({{"ada", ada.public_key()}}));
    CHECK_FALSE(checkpoint.doubt({{"", ada.public_key()}}));
    CHECK(checkpoint.doubt({{"ben", ben.public_key()}}));
    CHECK(checkpoint.doubt({{"ben", ada.public_key()}}));
    CHECK(checkpoint.doubt({}));
}

TEST_CASE("H31 a record that only grew fits its checkpoint") {
    CheckedRecord record;
    record.add(5);
    const Checkpoint checkpoint = record.checkpoint();
    CHECK(checkpoint.sequence == 5);
    CHECK(record.objection(checkpoint).empty());
    record.add(5);
    CHECK(record.objection(checkpoint).empty());
}

TEST_CASE("H31 a tail that was cut is found with a checkpoint, where the chain alone fits") {
    CheckedRecord record;
    record.add(8);
    const Checkpoint checkpoint = record.checkpoint();
    record.cut_after(6);
    CHECK(record.report().intact());
    CHECK_THAT(record.objection(checkpoint),
               ContainsSubstring("its end was cut off: it goes up to entry 6, and entry 8"));

    // Growing again does not hide it.
    record.add(8);
    CHECK_THAT(record.objection(checkpoint), ContainsSubstring("entry 8 is not the one"));
}

TEST_CASE("H31 a history that was rewritten is found with a checkpoint") {
    CheckedRecord record;
    record.add(8);
    const Checkpoint checkpoint = record.checkpoint();
    record.cut_after(0);
    record.add(9);
    CHECK_THAT(record.objection(checkpoint), ContainsSubstring("it does not begin as it did"));
    record.cut_after(0);
    CHECK_THAT(record.objection(checkpoint), ContainsSubstring("it does not begin as it did"));
}

TEST_CASE("nothing vouches for a record that is empty or was changed") {
    CheckedRecord record;
    CHECK_THROWS_WITH(record.checkpoint(), ContainsSubstring("no entry to vouch for yet"));
    record.add(3);
    as_other_program(record.path).exec("UPDATE audit_log SET tool_name = 'other'");
    CHECK_THROWS_WITH(record.checkpoint(), ContainsSubstring("the record is not intact: entry 1"));
}
