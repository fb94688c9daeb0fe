#pragma once

#include "support/temporary_directory.hpp"
#include "support/web_fixture.hpp"

#include "approvekit/reviewers_file.hpp"

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::testing {

inline const std::vector<std::string> three_names = {"ann", "bob", "cyd"};

/// A file that lists three people, each with a link.
struct TeamFile {
    TemporaryDirectory directory;
    std::filesystem::path path = directory / "team.yaml";
    ReviewersFile file{path};
    std::map<std::string, std::string> keys = invited(file);

private:
    static std::map<std::string, std::string> invited(ReviewersFile& file) {
        std::map<std::string, std::string> keys;
        for (const std::string& name : three_names)
            keys[name] = file.invite(name);
        return keys;
    }
};

/// A server with three reviewers, in whose names browsers decide.
struct SeveralFixture {
    TeamFile team;
    WebFixture web;

    SeveralFixture() : web(settings_for(team)) {}

    static web::Settings settings_for(const TeamFile& team) {
        web::Settings settings = WebFixture::usual_settings();
        settings.token.clear();
        settings.reviewers_file = team.path;
        return settings;
    }

    /// What a browser of that person sends with each request, after it has signed in with `key`.
    [[nodiscard]] std::string browser_by(const std::string& key) const {
        const std::string secret = random_hex(32);
        const RawAnswer answer = web.sign_in(key, secret);
        if (answer.status != 200) throw std::runtime_error("a link does not sign in: " + answer.body);
        return "Authorization: Bearer " + secret + "\r\n";
    }
    [[nodiscard]] std::string browser_of(const std::string& name) const { return browser_by(team.keys.at(name)); }

    [[nodiscard]] RawAnswer decide(const std::string& browser, const ApprovalRequest& request,
                                   const std::string& body = "{}", const std::string& verdict = "approve") const {
        return web.post("/api/requests/" + request.id + "/" + verdict, browser + web.origin() + std::string(json_type),
                        body);
    }
    [[nodiscard]] std::string reviewer_of(const ApprovalRequest& request) const {
        return web.storage->find(request.id)->reviewer;
    }
};

/// The name under which a client that sends `headers` would decide; empty if there is none.
inline std::string name_of(const WebFixture& web, const std::string& headers) {
    const RawAnswer answer = web.get("/api/session", headers);
    return answer.status == 200 ? Json::parse(answer.body).at("reviewer").get<std::string>() : "";
}

}  // namespace approvekit::testing
