#include "record/exported_audit.hpp"

#include "approvekit/audit_archive.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "record/archive_file.hpp"
#include "record/archive_lines.hpp"
#include "support/catch.hpp"
#include "support/held_request.hpp"
#include "support/other_program.hpp"
#include "support/sanitized.hpp"
#include "support/temporary_directory.hpp"

#include <random>
#include <sstream>
#include <string>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

/// What an agent and its reviewers leave behind: calls that ran at once, were held, failed, were denied.
class Record {
public:
    void add_allowed(int number) {
        Json call = {{"number", number}};
        if (number % 5 == 0) call["text"] = "Zo\u00eb \u202e \"quoted\" \U0001F600";
        const std::string arguments = canonical_json(call);
        Intent intent{"read_record", arguments, R"({"risk_level":"low"})", "auto-approved by policy"};
        RunOutcome outcome;
        outcome.entry_id = storage.record_intent(intent);
        outcome.request_id = auto_request_id;
        outcome.tool_name = "read_record";
        outcome.state = number % 5 == 0 ? RunState::failed : RunState::executed;
        outcome.note = number % 5 == 0 ? "no such file: caf\xE9" : "";
        storage.finish(outcome);
    }

    void add_decided(int number) {
        ApprovalRequest request = held_request(SystemClock());
        request.tool_args = {{"big", 9007199254740993}, {"small", 1e-7}, {"minus", -0.0}, {"list", {1, nullptr, true}}};
        request.tool_args["number"] = number;
        request.view_digest = view_digest(request);
        storage.submit(request);
        storage.decide(decision_on(request, Verdict::reject, "not\nthis \\ time"));
    }

    void fill(int entries) {
        for (int count = 0; count < entries;) {
            count % 7 == 0 ? add_decided(count) : add_allowed(count);
            count += count % 7 == 0 ? 1 : 2;
        }
        storage.flush();
    }

    [[nodiscard]] std::vector<std::string> lines() {
        std::vector<std::string> lines;
        AuditQuery query{.request_id = {}, .limit = 500, .cursor = {}, .oldest_first = true};
        do {
            const AuditPage page = storage.audit(query);
            for (const AuditEntry& entry : page.entries)
                lines.push_back(record::export_line(entry));
            query.cursor = page.next;
        } while (!query.cursor.empty());
        return lines;
    }

    TemporaryDirectory directory;
    std::filesystem::path path = directory / "agent.db";
    SqliteStorage storage{path, {.durability = Durability::relaxed, .sharing = Sharing::open}};
};

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

// With a sanitizer each of half a million flips is expensive, and the first ones already show what it looks for.
constexpr int flipped_entries = testing::is_sanitized ? 50 : 1000;

AuditReport check(const std::string& text) {
    std::istringstream in(text);
    return record::ExportedAudit().read(in);
}

/// Whether a fault is found in `text`, which follows after what `before` has read.
bool is_found(record::ExportedAudit before, const std::string& text) {
    std::istringstream in(text);
    return !before.read(in).intact();
}

}  // namespace

TEST_CASE("an export is checked without its database, to the same end") {
    Record record;
    record.fill(40);
    const AuditReport exported = check(joined(record.lines()));
    const AuditReport stored = record.storage.verify_audit();
    CHECK(exported.intact());
    CHECK(exported.entries == stored.entries);
    CHECK(exported.first == stored.first);
    CHECK(exported.head == stored.head);
    CHECK(exported.sequence == stored.sequence);
}

TEST_CASE("H31 a flip of any byte of an exported audit of 1,000 entries is found") {
    Record record;
    record.fill(flipped_entries);
    const std::vector<std::string> lines = record.lines();
    REQUIRE(static_cast<int>(lines.size()) >= flipped_entries);
    REQUIRE(check(joined(lines)).intact());

    // Everything before a line is checked once. A flip in the line must show there or in the next line.
    record::ExportedAudit before;
    std::size_t flips = 0;
    std::size_t missed = 0;
    for (std::size_t at = 0; at < lines.size(); ++at) {
        const std::string next = at + 1 < lines.size() ? lines[at + 1] + "\n" : "";
        std::string text = lines[at] + "\n" + next;
        for (std::size_t byte = 0; byte <= lines[at].size(); ++byte) {
            const char was = text[byte];
            text[byte] = static_cast<char>(was ^ (1 << (flips % 7)));
            if (!is_found(before, text)) ++missed;
            text[byte] = was;
            ++flips;
        }
        REQUIRE(before.follow(lines[at]));
    }
    CHECK(missed == 0);
    CHECK(flips == joined(lines).size());
}

TEST_CASE("H31 letters that change their case and digits that change their value are found in every place") {
    Record record;
    record.fill(3);
    const std::string text = joined(record.lines());
    REQUIRE(check(text).intact());
    for (std::size_t byte = 0; byte < text.size(); ++byte) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string flipped = text;
            flipped[byte] = static_cast<char>(flipped[byte] ^ (1 << bit));
            if (check(flipped).intact()) FAIL("bit " << bit << " of byte " << byte << " in " << text.substr(byte, 40));
        }
    }
}

TEST_CASE("H31 entries that were removed, moved or put in are found in an export") {
    Record record;
    record.fill(20);
    const std::vector<std::string> good = record.lines();
    auto removed = good;
    removed.erase(removed.begin() + 5);
    CHECK(check(joined(removed)).fault->sequence == 7);
    auto moved = good;
    std::swap(moved[3], moved[4]);
    CHECK(check(joined(moved)).fault->sequence == 5);
    auto doubled = good;
    doubled.insert(doubled.begin() + 8, good[7]);
    CHECK(check(joined(doubled)).fault->sequence == 8);
}

TEST_CASE("an export that ends in the middle of a line, or is none, is told so") {
    Record record;
    record.fill(5);
    std::string text = joined(record.lines());
    text.pop_back();
    CHECK_THAT(check(text).fault->what, ContainsSubstring("cut short"));
    for (const std::string other : {"\n", "{}\n", "null\n", "[]\n", "sequence,timestamp\r\n", "{\"hash\":1}\n"}) {
        CAPTURE(other);
        CHECK_THAT(check(other).fault->what, ContainsSubstring("line 1 is not an entry"));
    }
}

TEST_CASE("what other programs wrote is counted in an export and vouched for by nobody") {
    Record record;
    record.fill(5);
    as_other_program(record.path)
        .exec(
            "INSERT INTO audit_log VALUES('theirs', 'r', 'tool', '{ \"a\" : 1 }', 'approved', "
            "'2026-01-31T09:05:00.000000', NULL, '{}')");
    record.fill(5);
    const AuditReport report = check(joined(record.lines()));
    CHECK(report.intact());
    CHECK(report.foreign_entries == 1);
}

TEST_CASE("a row that another program rewrote in other words is still exported without loss") {
    Record record;
    const ApprovalRequest request = held_request(SystemClock());
    record.storage.submit(request);
    as_other_program(record.path)
        .exec(
            "UPDATE approval_requests SET status = 'approved', tool_args = '{ \"to\" : \"ana@example.com\", \"body\": "
            "\"[REDACTED]\" }', reviewer_notes = CAST(x'636166e9' AS TEXT)");
    REQUIRE_FALSE(record.storage.claim({request.id, request.view_digest, {}}).empty());
    CHECK(record.storage.verify_audit().intact());
    CHECK(check(joined(record.lines())).intact());
}

TEST_CASE("an archive that claims entries which it leaves out is found out") {
    const std::string lines =
        record::archive_head({}) + "\n" +
        export_head({.place = 5, .hash = std::string(64, 'a'), .database = std::string(64, 'b')}) + "\n";
    record::RunningDigest digest;
    digest.add(lines);
    ArchiveAnchor anchor;
    anchor.place = 5;
    anchor.hash = std::string(64, 'a');
    anchor.database = std::string(64, 'b');
    anchor.digest = digest.finish();
    std::istringstream file(lines + anchor.line() + "\n");
    const ArchiveReport report = verify_archive(file);
    REQUIRE(report.audit.fault);
    CHECK_THAT(report.audit.fault->what, ContainsSubstring("line 2 begins an export"));
}
