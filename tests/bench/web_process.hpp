#pragma once

#include "approvekit/json.hpp"
#include "support/child_process.hpp"
#include "support/raw_client.hpp"

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace approvekit::bench {

/// A running approvekit-web.
class WebProcess {
public:
    explicit WebProcess(const std::filesystem::path& database)
        : process_({APPROVEKIT_WEB, "--db", database.string(), "--port", "0", "--json", "--reviewer", "ana"}) {
        process_.wait_for_output("}\n");
        const Json line = Json::parse(process_.output());
        address_ = line.at("address").get<std::string>().substr(std::string("http://").size());
        port_ = static_cast<std::uint16_t>(std::stoi(address_.substr(address_.rfind(':') + 1)));
        token_ = line.at("token");
    }

    [[nodiscard]] testing::RawClient connect() const { return testing::RawClient(port_); }

    [[nodiscard]] std::string request_for(const std::string& path) const {
        return "GET " + path + " HTTP/1.1\r\nHost: " + address_ + "\r\nAuthorization: Bearer " + token_ + "\r\n\r\n";
    }

    /// Sends a request over `client`. Throws std::runtime_error for any status other than 200.
    void get(testing::RawClient& client, const std::string& path) const {
        const testing::RawAnswer answer = client.ask(request_for(path));
        if (answer.status != 200) throw std::runtime_error(path + " was answered " + std::to_string(answer.status));
    }

    [[nodiscard]] pid_t id() const noexcept { return process_.id(); }

private:
    testing::ChildProcess process_;
    std::string address_;
    std::uint16_t port_ = 0;
    std::string token_;
};

}  // namespace approvekit::bench
