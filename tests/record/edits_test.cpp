// What an entry of the record says about an edit.
#include "record/edits.hpp"

#include "approvekit/decision_statement.hpp"
#include "approvekit/metadata_keys.hpp"
#include "approvekit/reviewer_key.hpp"
#include "record/decision_check.hpp"
#include "support/catch.hpp"
#include "support/held_request.hpp"
#include "support/manual_clock.hpp"

#include <cstdint>
#include <limits>
#include <string>

using namespace approvekit;
using approvekit::testing::ManualClock;
using record::is_same_edit;
using record::misfit_of_edits;

namespace {

/// A signed approval that edits an argument, and the entry about it.
struct EditOnRecord {
    EditOnRecord() {
        request.tool_args = {{"to", "ana"}, {"amount", 7}};
        request.metadata[allow_edit_key] = {"args.amount"};
        request.view_digest = view_digest(request);
        decision = decision_on(request, Verdict::approve);
        decision.view_digest = request.view_digest;
        decision.edits = {{"args.amount", 5}};
        record::sign(decision, request, ReviewerKey::generate("ana"));
        entry.tool_args = request.tool_args.dump();
        entry.view = request.view_digest;
        tell(record::edits_metadata(request, decision.edits));
    }

    void tell(const Json& edited) { entry.metadata = Json{{edited_key, edited}}.dump(); }

    ApprovalRequest request = held_request(ManualClock());
    Decision decision;
    record::AuditRecord entry;
};

}  // namespace

TEST_CASE("G15 G16 edits are the same by what is written, not by how JSON's numbers compare") {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    CHECK_FALSE(is_same_edit({{"args.n", -1}}, {{"args.n", most}}));
    CHECK_FALSE(is_same_edit({{"args.n", 1234567890123456789}}, {{"args.n", 1.2345678901234568e18}}));
    CHECK_FALSE(is_same_edit({{"args.n", 9007199254740993}}, {{"args.n", 9007199254740992.0}}));
    CHECK_FALSE(is_same_edit(nullptr, Json::object()));
    CHECK(is_same_edit({{"args.n", 1}}, {{"args.n", 1.0}}));
    CHECK(is_same_edit(nullptr, nullptr));
}

TEST_CASE("G16 the same edit of another request is another view") {
    const EditOnRecord one;
    ApprovalRequest another = held_request(ManualClock());
    another.tool_args = one.request.tool_args;
    CHECK(record::edited_view_digest(one.request, one.decision.edits) !=
          record::edited_view_digest(another, one.decision.edits));
}

TEST_CASE("G16 an entry whose edits, arguments and view do not make one another is found, signed or not") {
    EditOnRecord on_record;
    const Json told = record::edits_metadata(on_record.request, on_record.decision.edits);
    CHECK(misfit_of_edits(on_record.decision, on_record.entry).empty());
    if (GENERATE(false, true)) on_record.decision.signature.reset();
    CHECK(misfit_of_edits(on_record.decision, on_record.entry).empty());
    const std::string part = GENERATE("edits", "tool_args", "view_digest");
    Json forged = told;
    forged[part] = record::edits_metadata(on_record.request, {{"args.amount", 9000}}).at(part);
    on_record.tell(forged);
    CHECK(misfit_of_edits(on_record.decision, on_record.entry) == "what it says of an edit does not fit together");
    on_record.tell("edited");
    CHECK(misfit_of_edits(on_record.decision, on_record.entry) == "what it says of an edit does not fit together");
}

TEST_CASE("G14 G16 an entry that tells of another edit than was signed, or of none, or of one that was not, is found") {
    EditOnRecord on_record;
    on_record.tell(record::edits_metadata(on_record.request, {{"args.amount", 9000}}));
    CHECK(misfit_of_edits(on_record.decision, on_record.entry) == "what its reviewer edited is not what was signed");
    on_record.entry.metadata = "{}";
    CHECK(misfit_of_edits(on_record.decision, on_record.entry) == "what its reviewer edited is not what was signed");
    on_record.decision.edits = nullptr;
    record::sign(on_record.decision, on_record.request, ReviewerKey::generate("ana"));
    CHECK(misfit_of_edits(on_record.decision, on_record.entry).empty());
    on_record.tell(record::edits_metadata(on_record.request, {{"args.amount", 5}}));
    CHECK(misfit_of_edits(on_record.decision, on_record.entry) == "what its reviewer edited is not what was signed");
}
