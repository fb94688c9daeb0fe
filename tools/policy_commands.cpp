#include "policy_commands.hpp"

#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/policy_diff.hpp"
#include "approvekit/policy_explanation.hpp"
#include "approvekit/policy_test.hpp"
#include "approvekit/terminal_text.hpp"

#include <iostream>

namespace approvekit::tools {
namespace {

constexpr const char* explain_examples =
    "Examples:\n"
    "  approvekit-review policy explain policy.yaml pay '{\"amount\": 90}'\n"
    "  approvekit-review policy explain policy.yaml pay '{\"amount\": 90}' \\\n"
    "    --context '{\"requested_by\": \"ada\"}' --agent mailer --environment production\n"
    "  approvekit-review policy explain policy.yaml deploy '{}' \\\n"
    "    --at 2026-01-31T09:05:00\n"
    "  approvekit-review --db agent.db policy explain policy.yaml pay '{}'\n"
    "                                         is its limit reached?\n"
    "\n"
    "Exit codes: 0 explained, 2 the policy, the JSON or the time cannot be read.\n";

constexpr const char* test_examples =
    "Examples:\n"
    "  approvekit-review policy test policy.yaml          run its tests\n"
    "  approvekit-review --json policy test policy.yaml   for machines\n"
    "\n"
    "Exit codes: 0 all passed, 1 one did not, there are none, or the policy is wrong.\n";

constexpr const char* diff_examples =
    "Examples:\n"
    "  approvekit-review policy diff policy.yaml new.yaml          what changes?\n"
    "  approvekit-review --json policy diff policy.yaml new.yaml   for machines\n"
    "\n"
    "Exit codes: 0 both say the same, 1 they differ, 2 one of them cannot be read.\n";

Policy policy_from(const std::string& file) {
    try {
        return Policy::from_file(file);
    } catch (const PolicyError& error) {
        throw Error(ErrorCode::invalid_option, error.what());
    }
}

Json object_from(const std::string& text, const std::string& what) {
    try {
        Json value = parse_json(text);
        if (value.is_object()) return value;
    } catch (const ArgumentsRefusedError& error) {
        throw Error(ErrorCode::invalid_option, what + ": " + error.what());
    }
    throw Error(ErrorCode::invalid_option, what + ": expected a JSON object, such as '{\"amount\": 90}'");
}

void print(bool json, const Json& view, const std::string& text) {
    std::cout << (json ? terminal_json(view) + "\n" : text);
}

void add_file(CLI::App& command, const char* name, std::string& file, const char* help) {
    command.add_option(name, file, help)->required();
}

}  // namespace

std::optional<Time> time_from(const std::string& text, const std::string& option) {
    if (text.empty()) return std::nullopt;
    if (const auto time = parse_time(text)) return time;
    throw Error(ErrorCode::invalid_option, option + ": expected a time in UTC, such as 2026-01-31T09:05:00");
}

void PolicyCommands::add_to(CLI::App& policy, const std::function<void(Command)>& chosen) {
    const auto add = [&](const char* name, const char* help, Command command, const char* examples) {
        CLI::App* const added = policy.add_subcommand(name, help);
        added->callback([chosen, command] { chosen(command); });
        added->footer(examples);
        return added;
    };
    CLI::App* const explained =
        add("explain", "Say what a policy does with a call, and why", &PolicyCommands::explain, explain_examples);
    add_file(*explained, "FILE", file, "A .yaml, .yml or .json file");
    explained->add_option("TOOL", tool, "The tool's name")->required();
    explained->add_option("ARGUMENTS", arguments, "The call's arguments, a JSON object")->required();
    explained->add_option("--context", context, "What the program knows of the call")->type_name("JSON");
    explained->add_option("--agent", agent, "Who asks")->type_name("NAME");
    explained->add_option("--environment", environment, "Where the agent runs")->type_name("NAME");
    explained->add_option("--at", at, "When, in UTC; now otherwise")->type_name("TIME");

    CLI::App* const tested = add("test", "Run the tests in a policy file", &PolicyCommands::test, test_examples);
    add_file(*tested, "FILE", file, "A .yaml, .yml or .json file");

    CLI::App* const compared =
        add("diff", "Say what differs between two policies", &PolicyCommands::diff, diff_examples);
    add_file(*compared, "OLD", file, "A policy file");
    add_file(*compared, "NEW", other_file, "Another one");
}

Json PolicyCommands::context_given() const {
    Json known = object_from(context, "--context");
    if (!environment.empty() && !known.contains("environment")) known["environment"] = environment;
    return known;
}

ExitCode PolicyCommands::explain(bool json, const Opening& open) const {
    const Policy policy = policy_from(file);
    const Json given = object_from(arguments, "the arguments");
    const Json known = context_given();
    const CallFacts facts{.arguments = given,
                          .context = known,
                          .agent = agent,
                          .environment = environment,
                          .time = time_from(at, "--at").value_or(SystemClock().now())};
    PolicyExplanation explanation = policy.explain(tool, facts);
    if ((explanation.limit || explanation.may_be_granted) && open) {
        if (!at.empty()) {
            throw Error(ErrorCode::invalid_option,
                        "--at: what is used of the limit of a rule, and what is granted, is known for now alone; leave "
                        "out --at or --db");
        }
        const auto record = open();
        if (explanation.limit) explanation.limit_used = record->used(*explanation.limit);
        explain_grants(explanation, policy, facts, *record);
    }
    print(json, to_json_view(explanation), explanation.text());
    return ExitCode::done;
}

ExitCode PolicyCommands::test(bool json, const Opening& /*open*/) const {
    const PolicyTestRun run = test_policy(file);
    print(json, to_json_view(run), run.text());
    return run.passed() ? ExitCode::done : ExitCode::problems;
}

ExitCode PolicyCommands::diff(bool json, const Opening& /*open*/) const {
    const auto changes = diff_policies(policy_from(file), policy_from(other_file));
    print(json, to_json_view(changes), to_text(changes));
    return changes.empty() ? ExitCode::done : ExitCode::problems;
}

}  // namespace approvekit::tools
