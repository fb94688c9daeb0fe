#pragma once

#include "record/explorer/edit_truth.hpp"
#include "record/explorer/limit_truth.hpp"
#include "record/explorer/site.hpp"
#include "record/explorer/votes_and_stops.hpp"

#include <optional>
#include <string>

namespace approvekit::explorer {

/// The truth, whatever the record says: it is kept separately, step by step, and compared with the record.
class Truth {
public:
    explicit Truth(Setting setting = Setting::alone)
        : has_key_(setting == Setting::with_key),
          has_votes_(setting == Setting::with_votes),
          has_stops_(setting == Setting::with_stops),
          has_limit_(setting == Setting::with_limit),
          has_voted_edits_(setting == Setting::with_voted_edits),
          has_edits_(setting == Setting::with_edits || has_voted_edits_),
          edits_(has_voted_edits_ ? 2 : 1) {}

    /// Whether `step` can be taken now.
    [[nodiscard]] bool allows(Step step) const;

    /// Notes a step, and returns which guarantee the record broke in it, or an empty text.
    [[nodiscard]] std::string after(Step step, const Outcome& outcome, const Seen& before, const Seen& now);

    /// Whether another program wrote into the row. Then the record may not verify until somebody looks.
    [[nodiscard]] bool is_touched() const noexcept { return is_touched_; }

    /// A text that is equal for truths that no later step can tell apart.
    [[nodiscard]] std::string key() const;

private:
    static constexpr int deadline = 60;

    [[nodiscard]] bool is_late() const { return passed_ >= deadline; }
    /// Whether an approval must not be started any more.
    [[nodiscard]] bool is_too_late_to_start() const;
    [[nodiscard]] bool agent_is_gone() const { return !is_alive_ || is_silent_; }
    [[nodiscard]] bool allows_other_agent(Step step) const;
    void note(Step step, const Outcome& outcome);
    void note_time(Step step, const Seen& now);
    void note_run(Step step, const Outcome& outcome);
    [[nodiscard]] bool runner_is_gone() const { return is_run_of_other_ ? !other_is_alive_ : agent_is_gone(); }

    /// Checks what the setting is about.
    [[nodiscard]] std::string fault_of_setting(Step step, const Outcome& outcome, const Seen& before, const Seen& now);
    [[nodiscard]] bool leaves_to_others(Step step) const;
    [[nodiscard]] std::string fault_of_audit(const Seen& before, const Seen& now) const;
    [[nodiscard]] std::string fault_of_decision(Step step, const Seen& before, const Seen& now) const;
    [[nodiscard]] std::string fault_of_start(const Seen& before, const Seen& now) const;
    [[nodiscard]] std::string fault_of_key(Step step, const Outcome& outcome, const Seen& before,
                                           const Seen& now) const;
    [[nodiscard]] std::string fault_of_take_over(const Outcome& outcome, const Seen& before) const;
    [[nodiscard]] std::string fault_of_run(const Seen& now) const;
    [[nodiscard]] std::string fault_of_ends(Step step, const Seen& before, const Seen& now) const;

    bool is_submitted_ = false;
    bool is_alive_ = true;  // neither dead nor closed
    bool is_silent_ = false;
    int passed_ = 0;                     // seconds since it was submitted
    std::optional<int> approved_after_;  // set when the record first told of an approval
    bool is_set_back_ = false;           // the wall clock
    bool has_row_ = false;
    bool is_touched_ = false;  // by another program
    bool has_key_;
    bool has_votes_;
    bool has_stops_;
    bool has_limit_;
    bool has_voted_edits_;
    bool has_edits_;
    VoteTruth votes_;
    StopTruth stop_;
    LimitTruth limit_;
    EditTruth edits_;
    bool other_is_alive_ = true;
    bool is_others_ = false;        // the other agent took it over
    bool is_run_of_other_ = false;  // and started it
    int starts_ = 0;
    RunState run_ = RunState::none;
};

/// Takes the steps of `order` as far as possible, and returns what broke, or an empty text.
[[nodiscard]] std::string fault_in(Site& site, Setting setting, const Order& order);

}  // namespace approvekit::explorer
