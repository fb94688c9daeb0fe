#include "record_options.hpp"

#include "approvekit/error.hpp"
#include "policy_commands.hpp"

namespace approvekit::tools {

void RecordOptions::add_filters_to(CLI::App& audit) {
    audit.add_option("--rows", rows, "One for a call, or for an entry as --json has it otherwise")
        ->check(CLI::IsMember({"calls", "entries"}));
    audit.add_option("--tool", tool, "Only calls of this tool")->type_name("NAME");
    audit.add_option("--agent", agent, "Only calls that this agent asked for, of those that a person was asked about")
        ->type_name("NAME");
    audit.add_option("--by", reviewer, "Only calls that this reviewer, or policy, decided")->type_name("NAME");
    audit.add_option("--status", status, "Only calls that were decided or ended so")
        ->check(CLI::IsMember({"approved", "rejected", "timeout", "cancelled", "denied", "refused", "executed",
                               "failed", "unknown", "answered"}));
    audit.add_option("--risk", risk, "Only calls with this label")->type_name("LABEL");
    audit.add_option("--text", text, "Only calls with this in their tool, arguments or notes")->type_name("TEXT");
    add_period_to(audit);
}

void RecordOptions::add_period_to(CLI::App& command) {
    command.add_option("--since", since, "Only calls from then on, in UTC")->type_name("TIME");
    command.add_option("--until", until, "Only calls before then, in UTC")->type_name("TIME");
}

Period RecordOptions::period() const {
    return {.since = time_from(since, "--since"), .until = time_from(until, "--until")};
}

CallQuery RecordOptions::query() const {
    const Period wanted = period();
    return {.tool = tool,
            .agent = agent,
            .reviewer = reviewer,
            .status = parse_audit_event(status),
            .risk = risk,
            .since = wanted.since,
            .until = wanted.until,
            .text = text};
}

bool RecordOptions::wants_calls(bool json) const {
    const bool filters = !(tool + agent + reviewer + status + risk + text + since + until).empty();
    if (rows != "entries") return filters || !json || rows == "calls";
    if (!filters) return false;
    throw Error(ErrorCode::invalid_option, "entries are not filtered; with --rows entries only --request goes");
}

}  // namespace approvekit::tools
