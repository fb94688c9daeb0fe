#include "reviewers_commands.hpp"

#include "approvekit/error.hpp"
#include "approvekit/json.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/quorum.hpp"
#include "approvekit/reviewers_file.hpp"
#include "approvekit/terminal_text.hpp"

#include <algorithm>
#include <iostream>
#include <set>

namespace approvekit::tools {
namespace {

constexpr const char* invite_notes =
    "The link signs one browser in, once. Give it only to the reviewer. The file is\n"
    "created if it is missing and gets a digest of the link.\n";

constexpr const char* list_notes =
    "With --policy FILE, also where its groups and the file differ (exit code 1).\n"
    "Only the policy says who may decide.\n";

bool is_in_link(char character) {
    return character > ' ' && character <= '~' && character != '#' && character != '?' && character != '"';
}

std::string names_of(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + terminal_name(name);
    return text;
}

/// The groups of the policy that contain this person.
std::vector<std::string> groups_in(const Policy& policy, const std::string& person) {
    std::vector<std::string> found;
    for (const auto& [group, members] : policy.groups()) {
        const auto is_it = [&](const std::string& member) { return is_same_person(member, person); };
        if (std::any_of(members.begin(), members.end(), is_it)) found.push_back(group);
    }
    return found;
}

/// The differences between the person's groups in the file and in the policy.
std::vector<std::string> differences_of(const InvitedReviewer& reviewer, const Policy& policy) {
    const auto in_policy = groups_in(policy, reviewer.name);
    const std::set<std::string> all(in_policy.begin(), in_policy.end());
    const std::set<std::string> noted(reviewer.groups.begin(), reviewer.groups.end());
    std::vector<std::string> differences;
    for (const std::string& group : noted) {
        if (!all.contains(group)) {
            differences.push_back(terminal_name(reviewer.name) + " is in " + terminal_name(group) +
                                  " by the file, and not by the policy, which counts");
        }
    }
    for (const std::string& group : all) {
        if (!noted.contains(group)) {
            differences.push_back(terminal_name(reviewer.name) + " is in " + terminal_name(group) +
                                  " by the policy, which counts, and the file does not say so");
        }
    }
    return differences;
}

std::string counted(std::size_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

void print_list(const std::vector<InvitedReviewer>& reviewers, const std::vector<std::string>& differences) {
    if (reviewers.empty()) std::cout << "Nobody is listed.\n";
    for (const InvitedReviewer& reviewer : reviewers) {
        std::cout << terminal_name(reviewer.name) << "  " << counted(reviewer.links.size(), "link");
        if (!reviewer.sessions.empty()) std::cout << ", " << counted(reviewer.sessions.size(), "browser");
        if (!reviewer.groups.empty()) std::cout << "  " << names_of(reviewer.groups);
        std::cout << '\n';
    }
    for (const std::string& difference : differences)
        std::cout << difference << '\n';
}

Json list_for_machines(const std::vector<InvitedReviewer>& reviewers, const std::vector<std::string>& differences) {
    Json list = Json::array();
    for (const InvitedReviewer& reviewer : reviewers)
        list.push_back({{"name", reviewer.name},
                        {"groups", reviewer.groups},
                        {"links", reviewer.links.size()},
                        {"sessions", reviewer.sessions.size()}});
    return {{"reviewers", std::move(list)}, {"differences", differences}};
}

}  // namespace

void ReviewersCommands::add_to(CLI::App& app, const std::function<void(Command)>& chosen) {
    const auto add = [&](CLI::App& parent, const char* word, const char* help, Command command) {
        CLI::App* const added = parent.add_subcommand(word, help);
        added->callback([chosen, command] { chosen(command); });
        added->add_option("--reviewers", file, "The file of reviewers that approvekit-web has")
            ->type_name("FILE")
            ->required();
        return added;
    };
    CLI::App* const invited =
        add(app, "invite", "Print a link by which a reviewer signs in at approvekit-web", &ReviewersCommands::invite);
    invited->add_option("NAME", name, "Who decides by it")->required();
    invited->add_option("--group", groups, "A group of the policy that the reviewer is in, as a note; or several")
        ->type_name("NAME")
        ->allow_extra_args(false);
    invited->add_option("--address", address, "Where browsers reach approvekit-web, its base path included")
        ->type_name("ADDRESS")
        ->capture_default_str();
    invited->footer(invite_notes);
    CLI::App* const group =
        app.add_subcommand("reviewers", "List or remove the people who may decide at approvekit-web");
    group->require_subcommand(1);
    CLI::App* const listed = add(*group, "list", "List them", &ReviewersCommands::list);
    listed->add_option("--policy", policy, "Compare their groups with those of this policy")->type_name("FILE");
    listed->footer(list_notes);
    CLI::App* const removed =
        add(*group, "remove", "Refuse a reviewer from now on, wherever signed in", &ReviewersCommands::remove);
    removed->add_option("NAME", name, "The name as it is listed")->required();
}

ExitCode ReviewersCommands::invite(bool json) const {
    static_cast<void>(link_of(""));  // before a link is made that could not be printed
    const std::string link = link_of(ReviewersFile(file).invite(name, groups));
    if (json) {
        std::cout << terminal_json({{"reviewer", name}, {"link", link}, {"file", file}}) << '\n';
    } else {
        std::cout << "The link of " << terminal_name(name) << ", for one browser, is shown this once:\n\n  " << link
                  << "\n\n";
    }
    return ExitCode::done;
}

ExitCode ReviewersCommands::list(bool json) const {
    const auto reviewers = ReviewersFile(file).read();
    std::vector<std::string> differences;
    if (!policy.empty()) {
        const Policy compared = Policy::from_file(policy);
        for (const InvitedReviewer& reviewer : reviewers) {
            const auto own = differences_of(reviewer, compared);
            differences.insert(differences.end(), own.begin(), own.end());
        }
    }
    if (json) {
        std::cout << terminal_json(list_for_machines(reviewers, differences)) << '\n';
    } else {
        print_list(reviewers, differences);
    }
    return differences.empty() ? ExitCode::done : ExitCode::problems;
}

ExitCode ReviewersCommands::remove(bool json) const {
    ReviewersFile(file).remove(name);
    if (json) {
        std::cout << terminal_json({{"removed", name}, {"file", file}}) << '\n';
    } else {
        std::cout << "Removed " << terminal_name(name) << ", who is refused from now on.\n";
    }
    return ExitCode::done;
}

std::string ReviewersCommands::link_of(const std::string& key) const {
    const bool is_address = (address.starts_with("http://") || address.starts_with("https://")) &&
                            std::all_of(address.begin(), address.end(), is_in_link);
    if (!is_address) {
        throw Error(ErrorCode::invalid_option,
                    "--address takes what approvekit-web prints before the #: http://127.0.0.1:8765");
    }
    const std::size_t end = address.find_last_not_of('/') + 1;
    return address.substr(0, end) + "/#sign-in=" + key;
}

}  // namespace approvekit::tools
