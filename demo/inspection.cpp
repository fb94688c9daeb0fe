#include "inspection.hpp"

#include "text_file.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace approvekit::demo {
namespace {

using Decisions = std::map<std::string, std::vector<std::string>>;

/// What the record must say about each tool, oldest first.
const Decisions expected_decisions = {
    {"read_record", {"approved", "executed"}},          {"send_email", {"approved", "executed"}},
    {"access_personal_data", {"approved", "executed"}}, {"delete_records", {"rejected"}},
    {"write_production_setting", {"timeout"}},
};

const Json& of_tool(const Json& requests, std::string_view tool) {
    const auto found = std::find_if(requests.begin(), requests.end(),
                                    [&](const Json& request) { return request.at("tool_name") == tool; });
    if (found == requests.end()) throw std::runtime_error("there is no request of " + std::string(tool));
    return *found;
}

/// The text after the headers of a message.
std::string body_of(const std::filesystem::path& message) {
    const std::string text = read_text(message);
    const std::string_view empty_line = "\n\n";
    const std::string body = text.substr(text.find(empty_line) + empty_line.size());
    return body.substr(0, body.find('\n'));
}

/// The database, its journals and all other files with its name.
std::string bytes_of(const std::filesystem::path& database) {
    std::string bytes;
    for (const auto& entry : std::filesystem::directory_iterator(database.parent_path())) {
        const bool is_part = entry.path().filename().string().starts_with(database.filename().string());
        if (is_part && entry.is_regular_file()) bytes += read_text(entry.path());
    }
    return bytes;
}

}  // namespace

void Inspection::inspect_files() {
    check("the approved e-mail lies in the outbox, and no other", workspace_.outbox.messages().size() == 1);
    check("the records that were not to be deleted are all there", workspace_.records.ids() == std::vector{1, 2, 3});
    check("the production settings are as they were", workspace_.settings.read() == Settings::first());
}

void Inspection::inspect_requests() {
    const Json requests = api_.requests("all");
    const Json hidden = "[REDACTED]";
    check("the reviewer was asked four times", requests.size() == 4);
    check("the body of the e-mail was hidden", of_tool(requests, "send_email")["tool_args"]["body"] == hidden);
    const Json& customer = of_tool(requests, "access_personal_data")["tool_args"]["customer"];
    check("the personal data were hidden, the name was not",
          customer["email"] == hidden && customer["ssn"] == hidden && customer["name"] != hidden);
}

void Inspection::inspect_audit() {
    const Json audit = api_.audit();
    Decisions decisions;
    bool names_everybody = true;
    for (auto entry = audit.rbegin(); entry != audit.rend(); ++entry) {
        const std::string decision = (*entry)["decision"];
        decisions[(*entry)["tool_name"]].push_back(decision);
        names_everybody &= (decision != "approved" && decision != "rejected") || (*entry)["reviewer"].is_string();
    }
    check("the audit tells of each call what was decided and done", decisions == expected_decisions);
    check("every decision in it names who took it", names_everybody);
}

void Inspection::inspect_secrets(const std::filesystem::path& database) {
    const std::string bytes = bytes_of(database);
    const Json customer = workspace_.records.read(1);
    check("the database is where the search for secrets looks", bytes.find("send_email") != std::string::npos);
    const auto is_hidden = [&](const std::string& secret) { return bytes.find(secret) == std::string::npos; };
    check("the body of the e-mail is nowhere in it", is_hidden(body_of(workspace_.outbox.messages().at(0))));
    check("the personal data are nowhere in it", is_hidden(customer["ssn"].get<std::string>()));
}

void Inspection::check(const std::string& what, bool holds) {
    out_ << (holds ? "  holds  " : "  FAILS  ") << what << std::endl;
    passed_ = passed_ && holds;
}

}  // namespace approvekit::demo
