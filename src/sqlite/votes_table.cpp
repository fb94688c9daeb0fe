#include "sqlite/votes_table.hpp"

#include "record/page.hpp"
#include "sqlite/decisions_table.hpp"
#include "sqlite/query.hpp"

#include <cstddef>
#include <limits>
#include <optional>

namespace approvekit::sqlite {

using record::PageSize;
using record::StoredDecision;

namespace {

StoredDecision read_vote(const Rows& rows) {
    StoredDecision vote = read_decision(rows);
    vote.decision.request_id = rows.text(10);
    vote.decision.shown = parse_shown(rows.bytes(11)).value_or(Shown::not_recorded);
    return vote;
}

}  // namespace

void VotesTable::insert(const StoredDecision& vote) {
    const Decision& decision = vote.decision;
    const auto& signature = decision.signature;
    const auto part = [&](std::string DecisionSignature::*member) {
        return signature ? std::optional((*signature).*member) : std::nullopt;
    };
    const std::string verdict(to_string(decision.verdict));
    const std::string shown(to_string(decision.shown));
    insert_.run(decision.request_id, verdict, decision.reviewer, decision.way, decision.notes, vote.decided_at,
                decision.view_digest, vote.entry_id, shown, part(&DecisionSignature::key_id),
                part(&DecisionSignature::statement), part(&DecisionSignature::signature));
}

std::vector<StoredDecision> VotesTable::of(std::string_view request_id) {
    // No vote of ours has a longer text.
    constexpr std::size_t longest_text = std::size_t{64} << 10;
    static_assert(longest_text > maximum_note_bytes);
    std::vector<StoredDecision> votes;
    if (!is_there()) return votes;
    PageSize size(std::numeric_limits<std::size_t>::max());
    Rows places = places_.rows(request_id);
    while (places.next() && !size.is_full()) {
        Rows rows = vote_.rows(places.integer(0));
        rows.leave_out_longer_than(longest_text);
        if (!rows.next()) continue;
        size.add_row(rows.size());
        votes.push_back(read_vote(rows));
    }
    return votes;
}

bool VotesTable::each_of_stretch(std::int64_t& from, const record::Look<StoredDecision>& look) {
    constexpr std::int64_t at_once = 1000;
    if (!is_there()) return false;
    Rows rows = stretch_.rows(from, at_once);
    bool any = false;
    while (rows.next()) {
        any = true;
        const bool goes_on = look(read_vote(rows), rows.text(13));
        if (!goes_on || rows.integer(12) == std::numeric_limits<std::int64_t>::max()) return false;
        from = rows.integer(12) + 1;
    }
    return any;
}

bool VotesTable::is_there() {
    Query table(database_, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'approvekit_votes'");
    return table.rows().next();
}

std::string VotesTable::misfit() {
    // Of a signature all is there, or nothing.
    return "iif((key_id IS NULL) + (statement IS NULL) + (signature IS NULL) NOT IN (0, 3), 'its signature is not "
           "whole', iif(verdict IN ('approve', 'reject', 'answer'), " +
           storage_class_fault({{"request_id", "request_id", "'text'"},
                                {"verdict", "verdict", "'text'"},
                                {"reviewer", "reviewer", "'text'"},
                                {"way", "way", "'text'"},
                                {"notes", "notes", "'text'"},
                                {"voted_at", "voted_at", "'text'"},
                                {"view_digest", "view_digest", "'text'"},
                                {"entry_id", "entry_id", "'text'"},
                                {"shown", "shown", "'text'"},
                                {"key_id", "key_id", "'text', 'null'"},
                                {"statement", "statement", "'text', 'null'"},
                                {"signature", "signature", "'text', 'null'"}}) +
           ", 'its verdict is not one of ours'))";
}

}  // namespace approvekit::sqlite
