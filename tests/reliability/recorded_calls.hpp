#pragma once

#include "test_record.hpp"

#include <map>
#include <set>
#include <string>

namespace approvekit::testing {

/// How often each thing is there.
using Counts = std::map<std::string, int>;

/// What the record says of a held call, or of one that the policy allowed.
struct RecordedCall {
    std::string name;
    std::string status = "auto";
    std::string run = "none";
    bool is_open = false;
    bool has_live_session = true;
    bool awaits_agent = false;  ///< of a call with a key, whose agent is gone
    Counts verdicts;
    Counts entries;  ///< of the audit, by event, without those of votes that others followed

    int approvals = 0;             ///< how many its quorum takes; 0: it has none
    int told_votes = 0;            ///< entries of votes that others followed
    Counts votes;                  ///< by verdict and the event that tells of it
    std::set<std::string> voters;  ///< who approved it
};

/// By request id, or by the intent's entry id.
using RecordedCalls = std::map<std::string, RecordedCall>;

/// All of them, at one moment.
[[nodiscard]] RecordedCalls read_calls(const TestRecord& record);

}  // namespace approvekit::testing
