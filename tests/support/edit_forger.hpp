#pragma once

#include "approvekit/approvekit.hpp"
#include "support/forger.hpp"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::testing {

/// An agent whose reviewers sign and may edit the amount of a transfer; and a forger beside it.
class EditForgeryFixture : public ForgeryFixture {
public:
    explicit EditForgeryFixture(const std::filesystem::path& database, std::size_t approvals = 1)
        : ForgeryFixture(database, approvals, {"args.amount"}) {}

    /// Does what the owner of `key` does who approves another amount, or whatever else may be edited.
    void edit(const ReviewerKey& key, const std::string& id, const Json& edits = {{"args.amount", 5}}) const {
        decide(key, id, Verdict::approve, edits);
    }

    /// Makes the entry of the approval tell of these edits, or of none if they are null. With `voter`, changes the
    /// entry of that reviewer's vote.
    void tell_edits(const std::string& id, const Json& edits, const std::string& voter = "") const {
        const std::string edited = Json{{"edits", edits}}.dump();
        const std::string change =
            edits.is_null() ? "json_remove(metadata, '$.edited', ?)" : "json_set(metadata, '$.edited', json(?))";
        const std::vector<std::string> values{edits.is_null() ? "$.none" : edited, id};
        if (voter.empty()) {
            forger.run("UPDATE audit_log SET metadata = " + change + " WHERE request_id = ? AND decision = 'approved'",
                       values);
        } else {
            forger.run("UPDATE approvekit_audit SET metadata = " + change +
                           " WHERE request_id = ? AND event = 'voted' AND reviewer = '" + voter + "'",
                       values);
        }
    }

    /// Gives `to` an entry that says the same as the one that approved `from`, and makes the decision on `to` name it.
    void copy_entry(const std::string& from, const std::string& to) const {
        forger.run(
            "INSERT INTO approvekit_audit(seq, entry_id, request_id, event, tool_name, tool_args, timestamp, metadata, "
            "reviewer, way, view, is_signed, hash) SELECT (SELECT max(seq) + 1 FROM approvekit_audit), 'copied', ?, "
            "a.event, l.tool_name, l.tool_args, l.timestamp, l.metadata, a.reviewer, a.way, a.view, 1, a.hash FROM "
            "approvekit_audit a JOIN audit_log l ON l.id = a.entry_id WHERE a.request_id = ? AND a.event = 'approved'",
            {to, from});
        forger.run("UPDATE approvekit_decisions SET entry_id = 'copied' WHERE request_id = ?", {to});
    }

    /// Makes the stored request, as reviewers are shown it, allow edits of the payee too. Returns the request as it
    /// was.
    [[nodiscard]] ApprovalRequest let_more_be_edited(const std::string& id) const {
        ApprovalRequest asked = *storage->find(id);
        ApprovalRequest widened = asked;
        widened.metadata["allow_edit"].push_back("args.to");
        forger.change_quorum(widened);
        return asked;
    }

    /// Makes an honest edit of another call, which then runs. Returns its id.
    [[nodiscard]] std::string earlier_edited(const Json& edits) const {
        PendingCall call = ask();
        edit(ada, call.request_id(), edits);
        call.wait().executed();
        return call.request_id();
    }
};

/// One way to get other arguments through than a reviewer approved, and the words with which the audit must report it.
struct EditAttack {
    std::string name;
    std::string told_as;
    std::size_t approvals;
    void (*run)(const EditForgeryFixture& fixture, const std::string& id);
};

/// What is said about `ada` if her signature covers another edit, or none.
inline constexpr const char* other_edit = "edit changed: ada approved other arguments than the record says";

inline std::vector<EditAttack> edit_attacks() {
    return {
        {"edit of a signed edit", other_edit, 1,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             fixture.edit(fixture.ada, id);
             fixture.tell_edits(id, {{"args.amount", 8999}});
         }},
        {"signed edit taken away", other_edit, 1,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             fixture.edit(fixture.ada, id);
             fixture.tell_edits(id, nullptr);
         }},
        {"edit made for an approval that was signed as it was asked", other_edit, 1,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             fixture.decide(fixture.ada, id);
             fixture.tell_edits(id, {{"args.amount", 1'000'000}});
         }},
        {"edit of another request in the place of the signed one", other_edit, 1,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             const Json dearer{{"args.amount", 7000}};
             static_cast<void>(fixture.earlier_edited(dearer));
             fixture.edit(fixture.ada, id);
             fixture.tell_edits(id, dearer);
         }},
        {"signed edit of another request with its decision", "altered: no entry records its approval", 1,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             fixture.forger.copy_decision(fixture.earlier_edited({{"args.amount", 7000}}), id);
         }},
        {"signed edit of another request with its decision and its entry", "replayed: ada signed it for request ", 1,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             const std::string earlier = fixture.earlier_edited({{"args.amount", 7000}});
             fixture.forger.copy_decision(earlier, id);
             fixture.copy_entry(earlier, id);
         }},
        {"field that allow_edit does not name put into a signed edit", "edit changed: args.to: may not be edited", 1,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             fixture.edit(fixture.ada, id);
             fixture.tell_edits(id, {{"args.amount", 5}, {"args.to", "eve"}});
         }},
        {"value of another kind put into a signed edit", "edit changed: args.amount: expected a number", 1,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             fixture.edit(fixture.ada, id);
             fixture.tell_edits(id, {{"args.amount", "5"}});
         }},
        {"number that JSON takes for the signed one", other_edit, 1,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             fixture.edit(fixture.ada, id, {{"args.amount", -1}});
             fixture.tell_edits(id, {{"args.amount", std::numeric_limits<std::uint64_t>::max()}});
         }},
        {"more made editable in the stored request", "altered: the stored request is not the one", 1,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             static_cast<void>(fixture.let_more_be_edited(id));
             fixture.edit(fixture.ada, id, {{"args.to", "eve"}});
         }},
        {"more made editable while the reviewer looks, then put back", "edit changed: args.to: may not be edited", 1,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             const ApprovalRequest asked = fixture.let_more_be_edited(id);
             fixture.edit(fixture.ada, id, {{"args.to", "eve"}});
             fixture.forger.change_quorum(asked);
         }},
        {"signed text rewritten to fit a forged edit", "forged: ada did not sign this decision", 1,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             const ApprovalRequest asked = *fixture.storage->find(id);
             fixture.edit(fixture.ada, id);
             Decision fitting = *fixture.storage->find_decision(id);
             fitting.edits = {{"args.amount", 8999}};
             fixture.tell_edits(id, fitting.edits);
             fixture.forger.run("UPDATE approvekit_decisions SET statement = ? WHERE request_id = ?",
                                {DecisionStatement::on(asked, fitting).text(), id});
         }},
        {"entry of an edited approval taken away", "altered: no entry records its approval", 1,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             fixture.edit(fixture.ada, id);
             fixture.forger.run("DELETE FROM approvekit_audit WHERE request_id = ?", {id});
             fixture.forger.run("DELETE FROM audit_log WHERE request_id = ?", {id});
         }},
        {"edit put into a vote for what was asked, beside a vote for the edit", "the vote of ada does not count: edit",
         2,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             fixture.edit(fixture.ben, id);
             fixture.decide(fixture.ada, id);
             fixture.tell_edits(id, {{"args.amount", 5}}, "ada");
             fixture.forger.decide_by_vote(id);
         }},
        {"edit taken out of a vote, beside a vote for what was asked", "the vote of ada does not count: edit changed",
         2,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             fixture.decide(fixture.ben, id);
             fixture.edit(fixture.ada, id);
             fixture.tell_edits(id, nullptr, "ada");
             fixture.forger.decide_by_vote(id);
         }},
        {"vote for an edit made the decision beside a vote for what was asked",
         "quorum: 1 of 2 approvals count; the vote of ada approves other arguments", 2,
         [](const EditForgeryFixture& fixture, const std::string& id) {
             fixture.edit(fixture.ben, id);
             fixture.decide(fixture.ada, id);
             fixture.forger.decide_by_vote(id);
         }},
    };
}

}  // namespace approvekit::testing
