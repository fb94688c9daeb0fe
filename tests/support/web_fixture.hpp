#pragma once

#include "support/failing_storage.hpp"
#include "support/raw_client.hpp"

#include "approvekit/digest.hpp"
#include "web/server.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace approvekit::testing {

inline constexpr std::string_view json_type = "Content-Type: application/json\r\n";

/// The key in a link with which a browser signs in.
inline std::string key_of(const std::string& link) {
    return link.substr(link.find('=') + 1);
}

/// A web server on a storage in memory, with everything that a client needs to talk to it.
struct WebFixture {
    std::shared_ptr<FailingStorage> storage = std::make_shared<FailingStorage>();
    web::Settings settings;
    web::Server server;

    explicit WebFixture(web::Settings wanted = usual_settings())
        : settings(std::move(wanted)), server(Reviewer(storage, "ada", "web"), settings) {}

    static web::Settings usual_settings() {
        web::Settings usual;
        usual.host = "127.0.0.1";
        usual.token = "a-token-for-tests-only";
        return usual;
    }

    /// Never waits long for anybody.
    static web::Settings impatient_settings() {
        using std::chrono::milliseconds;
        web::Settings impatient = usual_settings();
        impatient.patience = {milliseconds(400), milliseconds(400), milliseconds(400), milliseconds(400),
                              milliseconds(100)};
        return impatient;
    }

    [[nodiscard]] RawClient connect() const { return RawClient(server.port()); }
    [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(server.port()); }
    [[nodiscard]] std::string origin() const { return "Origin: http://" + host() + "\r\n"; }
    [[nodiscard]] std::string bearer() const { return "Authorization: Bearer " + settings.token + "\r\n"; }

    [[nodiscard]] std::string get_text(std::string_view path, std::string_view headers) const {
        return "GET " + std::string(path) + " HTTP/1.1\r\nHost: " + host() + "\r\n" + std::string(headers) + "\r\n";
    }

    [[nodiscard]] std::string post_text(std::string_view path, std::string_view headers, std::string_view body) const {
        return "POST " + std::string(path) + " HTTP/1.1\r\nHost: " + host() +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(headers) + "\r\n" +
               std::string(body);
    }

    [[nodiscard]] RawAnswer get(std::string_view path, std::string_view headers) const {
        return connect().ask(get_text(path, headers));
    }
    [[nodiscard]] RawAnswer get(std::string_view path) const { return get(path, bearer()); }

    [[nodiscard]] RawAnswer post(std::string_view path, std::string_view headers, std::string_view body) const {
        return connect().ask(post_text(path, headers, body));
    }
    [[nodiscard]] RawAnswer post(std::string_view path, std::string_view body) const {
        return post(path, bearer() + std::string(json_type), body);
    }

    /// The answer to a browser that opens `link` and has made `secret` for itself.
    [[nodiscard]] RawAnswer sign_in(const std::string& link, const std::string& secret) const {
        return post("/api/session", origin() + std::string(json_type),
                    Json({{"link", key_of(link)}, {"secret", secret}}).dump());
    }

    /// The header line of a browser that has signed in.
    [[nodiscard]] std::string open_browser() {
        const std::string secret = random_hex(32);
        if (sign_in(server.make_link(), secret).status != 200) throw std::runtime_error("a link does not sign in");
        return "Authorization: Bearer " + secret + "\r\n";
    }

    [[nodiscard]] ApprovalStatus status_of(const ApprovalRequest& request) const {
        return storage->find(request.id)->status;
    }
};

/// The "code" of an error answer.
inline std::string code_of(const RawAnswer& answer) {
    return Json::parse(answer.body).value("code", "");
}

/// The median of the times that `act` took in `rounds` runs, which one slow moment of the machine does not change.
template <typename Act>
std::chrono::microseconds median_time(int rounds, Act act) {
    std::vector<std::chrono::microseconds> times;
    for (int round = 0; round < rounds; ++round) {
        const auto start = std::chrono::steady_clock::now();
        act();
        times.push_back(
            std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start));
    }
    std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
    return times[static_cast<std::size_t>(rounds / 2)];
}

/// The smallest of several such medians; stops as soon as one is below `limit`. A busy machine makes some of them slow,
/// and code that is slow itself makes all of them slow.
template <typename Act>
std::chrono::microseconds calmest_median_time(std::chrono::microseconds limit, int rounds, Act act) {
    auto calmest = std::chrono::microseconds::max();
    for (int tries = 0; tries < 8 && calmest >= limit; ++tries)
        calmest = std::min(calmest, median_time(rounds, act));
    return calmest;
}

}  // namespace approvekit::testing
