#pragma once

#include "record/explorer/site.hpp"

#include <string>

namespace approvekit::explorer {

/// Who has approved a request that needs the approvals of two people, ana and bob, whatever the record says (G15).
class VoteTruth {
public:
    /// Whether votes can be forged by `step` now.
    [[nodiscard]] bool allows(Step step) const;

    /// Notes a step, and returns how it made the record break G15, or an empty text. `is_in_time`: as far as its
    /// deadline and its agent are concerned, the request can be decided.
    [[nodiscard]] std::string after(Step step, const Outcome& outcome, const Seen& before, const Seen& now,
                                    bool is_in_time);

    [[nodiscard]] std::string key() const;

private:
    enum class Voted { no, in_these_words, in_other_words };

    [[nodiscard]] int people() const noexcept { return (ana_ == Voted::no ? 0 : 1) + (bob_ == Voted::no ? 0 : 1); }
    void note_forgery(Step step);
    [[nodiscard]] std::string fault_of_vote(Step step, const Seen& before, const Seen& now, bool is_in_time);
    [[nodiscard]] std::string fault_of_refusal(Step step, const Seen& before, bool is_in_time) const;
    [[nodiscard]] static std::string fault_of_result(Step step, bool is_complete, const Seen& now);

    Voted ana_ = Voted::no;
    Voted bob_ = Voted::no;
    bool is_forged_ = false;
    bool are_removed_ = false;
};

/// Whether a stop is in force, and for whom, whatever the record says (G18). There is at most one.
class StopTruth {
public:
    [[nodiscard]] bool allows(Step step) const;

    /// Notes a step, and returns how it made the record break G18, or an empty text.
    [[nodiscard]] std::string after(Step step, const Outcome& outcome, const Seen& before, const Seen& now);

    [[nodiscard]] bool is_forged() const noexcept { return is_forged_; }
    [[nodiscard]] std::string key() const;

private:
    [[nodiscard]] std::string fault_of_lifting(const Outcome& outcome);
    [[nodiscard]] std::string fault_of_claim(const Outcome& outcome, const Seen& before, const Seen& now);

    bool was_put_ = false;
    bool is_in_force_ = false;
    bool is_met_ = false;  ///< by the agent
    bool is_forged_ = false;
};

}  // namespace approvekit::explorer
