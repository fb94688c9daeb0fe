#pragma once

#include "approvekit/json.hpp"
#include "support/child_process.hpp"
#include "support/raw_client.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::testing {

inline std::vector<std::string> web_command(const std::filesystem::path& database,
                                            const std::vector<std::string>& words) {
    std::vector<std::string> command{APPROVEKIT_WEB, "--db", database.string()};
    command.insert(command.end(), words.begin(), words.end());
    return command;
}

/// A running approvekit-web that prints for machines.
class WebProcess {
public:
    explicit WebProcess(const std::filesystem::path& database)
        : WebProcess(web_command(database, {"--port", "0", "--json", "--reviewer", "ada"})) {}

    /// A command that finally becomes such a process.
    explicit WebProcess(std::vector<std::string> command) : process(std::move(command)) {
        process.wait_for_output("}\n");
        line = Json::parse(process.output());
        address = line.at("address").get<std::string>().substr(std::string("http://").size());
        port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    }

    [[nodiscard]] std::string text(const std::string& start, const std::string& body = {}) const {
        return start + " HTTP/1.1\r\nHost: " + address + "\r\nAuthorization: Bearer " +
               line.at("token").get<std::string>() +
               "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
               body;
    }

    [[nodiscard]] RawAnswer ask(const std::string& start, const std::string& body = {}) const {
        return RawClient(port).ask(text(start, body));
    }

    [[nodiscard]] Json get(const std::string& path) const { return Json::parse(ask("GET " + path).body); }

    ChildProcess process;
    Json line;
    std::string address;
    std::uint16_t port = 0;
};

}  // namespace approvekit::testing
