#pragma once

#include "test_record.hpp"

#include <map>
#include <set>
#include <string>

namespace approvekit::testing {

/// How often each thing is there.
using Counts = std::map<std::string, int>;

/// What the record says about a held call, or about one that the policy allowed.
struct RecordedCall {
    std::string name;
    std::string status = "auto";
    std::string run = "none";
    bool is_open = false;
    bool has_live_session = true;
    bool awaits_agent = false;  ///< a call with a key whose agent is gone
    Counts verdicts;
    Counts entries;  ///< in the audit, by event, without those of votes that others followed

    int approvals = 0;             ///< how many its quorum needs; 0 if it has none
    int told_votes = 0;            ///< entries of votes that others followed
    Counts votes;                  ///< by verdict and the event of the entry
    std::set<std::string> voters;  ///< who approved it
};

/// By request id, or by the intent's entry id.
using RecordedCalls = std::map<std::string, RecordedCall>;

/// Returns all of them, as of one moment.
[[nodiscard]] RecordedCalls read_calls(const TestRecord& record);

}  // namespace approvekit::testing
