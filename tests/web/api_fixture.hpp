#pragma once

#include "web/api.hpp"
#include "web/identification.hpp"

#include "support/failing_storage.hpp"

#include <memory>
#include <optional>
#include <string>

namespace approvekit::web {

/// The API of a reviewer over a storage in memory, without a server.
struct ApiFixture {
    std::shared_ptr<testing::ManualClock> clock = std::make_shared<testing::ManualClock>();
    std::shared_ptr<testing::FailingStorage> storage = std::make_shared<testing::FailingStorage>(clock);
    Reviewer reviewer{storage, "ada", "web"};
    OneReviewer identification{{"ada", "a-token-for-tests-only", "http://127.0.0.1:1"}, *clock};
    EventHub events{2};
    Api api{{reviewer, identification, events, *clock}};
    Caller caller{.reviewer = "ada", .has_token = true};

    Answer get(const std::string& path, const std::string& query = {}) {
        return api.answer({find_route(path), "GET", query, "", std::nullopt, caller});
    }
    Answer post(const std::string& path, const std::string& body = {}) {
        return api.answer({find_route(path), "POST", "", body, std::nullopt, caller});
    }
};

inline Json body_of(const Answer& answer) {
    return Json::parse(answer.body);
}

inline std::string code_of(const Answer& answer) {
    return body_of(answer).value("code", "");
}

}  // namespace approvekit::web
