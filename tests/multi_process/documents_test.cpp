// What the documents tell people to type exists, and what they link to exists.

#include "approvekit/sqlite_storage.hpp"
#include "reference.hpp"
#include "support/catch.hpp"
#include "support/child_process.hpp"
#include "support/other_program.hpp"
#include "support/temporary_directory.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

using approvekit::testing::requests_of_the_reference;
using approvekit::testing::run;

namespace {

const std::filesystem::path project = APPROVEKIT_SOURCES;

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::filesystem::path> documents() {
    std::vector<std::filesystem::path> all = {project / "README.md", project / "demo" / "README.md"};
    for (const auto& file : std::filesystem::directory_iterator(project / "docs")) {
        if (file.path().extension() == ".md") all.push_back(file.path());
    }
    return all;
}

std::set<std::string> matches_of(const std::string& text, const std::regex& pattern, std::size_t group = 0) {
    std::set<std::string> found;
    for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
        found.insert((*at)[group]);
    return found;
}

/// The help of `command` and all its subcommands.
std::string help_of(std::vector<std::string> command) {
    static const std::regex subcommand("\\n  ([a-z]+) ");
    std::vector<std::string> with_help = command;
    with_help.emplace_back("--help");
    std::string help = run(with_help).output;
    const auto list = std::min(help.find("\nSubcommands:"), help.find("\nSUBCOMMANDS:"));  // depends on CLI11's version
    if (list == std::string::npos) return help;
    const std::string names = help.substr(list, help.find("\n\n", list) - list);
    for (const std::string& name : matches_of(names, subcommand, 1)) {
        command.push_back(name);
        help += help_of(command);
        command.pop_back();
    }
    return help;
}

/// The anchor that the web makes of it: "Who is served" becomes "who-is-served".
std::string anchor_of(const std::string& heading) {
    std::string anchor;
    for (const char character : heading) {
        if (std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '-' || character == '_') {
            anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
        } else if (character == ' ') {
            anchor += '-';
        }
    }
    return anchor;
}

bool has_heading(const std::filesystem::path& document, const std::string& anchor) {
    static const std::regex heading("(?:^|\\n)#+ ([^\\n]+)");
    for (const std::string& text : matches_of(text_of(document), heading, 1)) {
        if (anchor_of(text) == anchor) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("Every option that a document gives to an executable is one that it takes") {
    static const std::regex word("--[a-z][a-z-]*");
    const std::map<std::string, std::string> programs = {{"approvekit-web", APPROVEKIT_WEB},
                                                         {"approvekit-review", APPROVEKIT_REVIEW}};
    for (const auto& [name, path] : programs) {
        const std::set<std::string> known = matches_of(help_of({path}), word);
        const std::regex command(name + "\\b([^`|#\\n]*)");
        std::set<std::string> named;
        for (const auto& document : documents()) {
            for (const std::string& rest : matches_of(text_of(document), command, 1))
                named.merge(matches_of(rest, word));
        }
        CHECK(named.size() >= 4);
        for (const std::string& option : named) {
            INFO(name << " " << option);
            CHECK(known.contains(option));
        }
    }
}

TEST_CASE("Every link between the documents leads somewhere") {
    static const std::regex link("\\]\\(([^)#: ]*)(?:#([^)]*))?\\)");
    for (const auto& document : documents()) {
        const std::string text = text_of(document);
        for (std::sregex_iterator at(text.begin(), text.end(), link), end; at != end; ++at) {
            const std::string file = (*at)[1];
            const auto target = file.empty() ? document : document.parent_path() / file;
            INFO(document.string() << ": " << at->str());
            CHECK(std::filesystem::exists(target));
            if ((*at)[2].length() > 0) CHECK(has_heading(target, (*at)[2]));
        }
    }
}

TEST_CASE("The SQL of how-it-works.md, run by any program, lets a held call go on") {
    const TemporaryDirectory directory;
    approvekit::SqliteStorage storage(directory / "agent.db", shared_with_others());
    const auto [email, table] = requests_of_the_reference();
    storage.submit(email);
    const std::string text = text_of(project / "docs" / "how-it-works.md");
    const auto start = text.find("```sql\n") + 7;
    as_other_program(directory / "agent.db").exec(text.substr(start, text.find("```", start) - start));

    CHECK_FALSE(storage.claim({email.id, email.view_digest, {}}).empty());
    const auto decision = storage.find_decision(email.id);
    CHECK(decision->reviewer == "unknown");
    CHECK(decision->way == "database");
    CHECK(storage.verify_audit().intact());
}
