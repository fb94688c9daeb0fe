#include "audit_options.hpp"

#include "approvekit/error.hpp"
#include "policy_commands.hpp"

#include <cerrno>
#include <system_error>

namespace approvekit::tools {
namespace {

/// The last non-empty line of the file: it covers everything before it.
std::string last_line(const std::string& path) {
    std::ifstream file = open_to_read(path);
    std::string last;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty()) last = std::move(line);
    }
    return last;
}

TrustedReviewer owner_of(const std::string& key) {
    const bool has_prefix = key.starts_with(public_key_prefix);
    const std::string base64 = has_prefix ? key.substr(public_key_prefix.size()) : key;
    if (is_public_key(base64)) return {.name = {}, .public_key = base64};
    throw Error(ErrorCode::invalid_option, "'" + key + "' is not a public key; keygen prints it as ed25519:...");
}

}  // namespace

void RecordOptions::add_filters_to(CLI::App& audit) {
    audit.add_option("--rows", rows, "One row for each call, or for each entry (the default with --json)")
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
    throw Error(ErrorCode::invalid_option, "entries are not filtered; with --rows entries, only --request is allowed");
}

std::ifstream open_to_read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (file) return file;
    throw Error(ErrorCode::invalid_option, path + ": cannot be read (" + std::generic_category().message(errno) + ")");
}

void CheckOptions::add_to(CLI::App& command) {
    command.add_option("--checkpoint", checkpoint, "Also find out whether the record has grown from this checkpoint")
        ->type_name("FILE|LINE");
    command.add_option("--public-key", public_keys, "Who may have signed the checkpoint; may be given several times")
        ->type_name("KEY")
        ->allow_extra_args(false);
    command.add_option("--policy", policy, "Any reviewer of this policy may have signed the checkpoint")
        ->type_name("FILE");
    command.add_flag("--allow-empty", allow_empty, "Accept a record without entries, which otherwise fails the check");
    command.add_option("--archive", archives, "Also check this file of an archive; each once, in their order")
        ->type_name("FILE")
        ->allow_extra_args(false);
    command
        .add_option("--export", export_file,
                    "Check what 'audit export' wrote in JSON lines, or one archive, without a database")
        ->type_name("FILE");
}

AuditCheck CheckOptions::read() const {
    AuditCheck check;
    check.trusted = trusted();
    check.allow_empty = allow_empty;
    check.archives.assign(archives.begin(), archives.end());
    if (checkpoint.empty()) return check;
    check.checkpoint = Checkpoint::parse(checkpoint.starts_with('{') ? checkpoint : last_line(checkpoint));
    if (check.checkpoint->is_signed() && check.trusted.empty()) {
        throw Error(ErrorCode::invalid_option, "the checkpoint says that " + check.checkpoint->reviewer +
                                                   " signed it; name the key with --public-key, or a policy that lists "
                                                   "it with --policy");
    }
    return check;
}

std::vector<TrustedReviewer> CheckOptions::trusted() const {
    std::vector<TrustedReviewer> trusted;
    if (!policy.empty()) trusted = Policy::from_file(policy).reviewers();
    for (const std::string& key : public_keys)
        trusted.push_back(owner_of(key));
    return trusted;
}

void ArchiveCommands::add_to(CLI::App& audit, const std::function<void(Command)>& choose) {
    const auto add = [&](const char* name, const char* help, Command command) {
        CLI::App* const added = audit.add_subcommand(name, help);
        added->callback([choose, command] { choose(command); });
        return added;
    };
    CLI::App* const archived = add("archive", "Move what is over and older into a file", Command::archive);
    archived->add_option("--before", before, "Only entries from before then, in UTC")->type_name("TIME")->required();
    archived->add_option("--out", out, "The new file; nothing is ever replaced")->type_name("FILE")->required();
    CLI::App* const held = add("hold", "Let no archive remove a request, or the call of an entry", Command::hold);
    held->add_option("ID", id, "The request's id or its start, or the id of the entry")->required();
    held->add_option("--reason", reason, "Why; it goes into the record")->type_name("TEXT")->required();
    CLI::App* const released = add("release", "End a hold", Command::release);
    released->add_option("ID", id, "The id that is held, or its start")->required();
    add("holds", "List what is held", Command::list)->add_flag("--all", all, "Include what was released");
}

}  // namespace approvekit::tools
