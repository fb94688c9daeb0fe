#include "property.hpp"

#include "support/failing_storage.hpp"

#include "approvekit/reviewer.hpp"
#include "text/utf8.hpp"
#include "web/api.hpp"
#include "web/event_hub.hpp"
#include "web/identification.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

namespace approvekit::fuzz {
namespace {

using namespace web;
using testing::FailingStorage;

/// An API over a storage in memory, in which one request waits.
class FuzzedApi {
public:
    Answer answer(const std::string& method, const std::string& path, const std::string& query = {},
                  const std::string& body = {}) {
        const Answer answer = api_.answer({.route = find_route(path),
                                           .method = method,
                                           .query = query,
                                           .body = body,
                                           .last_event_id = std::nullopt,
                                           .caller = {.reviewer = "ada", .has_token = true}});
        check(answer);
        return answer;
    }

    [[nodiscard]] const std::string& request_id() const noexcept { return request_id_; }
    [[nodiscard]] bool is_pending() { return storage_->find(request_id_)->status == ApprovalStatus::pending; }

private:
    static void check(const Answer& answer) {
        constexpr std::array promised{200, 400, 401, 404, 409, 410, 413};
        require(std::find(promised.begin(), promised.end(), answer.status) != promised.end(),
                "only what the API promises is answered");
        require(text::is_utf8(answer.body), "an answer is UTF-8");
        require(answer.content_type != "application/json" || Json::accept(answer.body), "an answer is JSON");
        for (const auto& [name, value] : answer.headers) {
            require(std::all_of(value.begin(), value.end(), [](char character) { return character >= ' '; }),
                    "a header is one line");
        }
    }

    std::shared_ptr<FailingStorage> storage_ = std::make_shared<FailingStorage>();
    std::string request_id_ = storage_->add("wire", {{"to", "ann"}}).id;
    Reviewer reviewer_{storage_, "ada", "web"};
    SystemClock clock_;
    OneReviewer identification_{{"ada", "a-token-for-tests-only", "http://127.0.0.1:8765"}, clock_};
    EventHub events_{1};
    Api api_{{reviewer_, identification_, events_, clock_}};
};

void check_decision(FuzzedApi& fixture, const std::string& path, const std::string& body) {
    const Answer answer = fixture.answer("POST", path, "", body);
    require(answer.status == 200 || fixture.is_pending(), "what is refused decides nothing");
}

}  // namespace

void api(std::string_view bytes) {
    FuzzedApi fixture;
    const std::string text(bytes);
    fixture.answer("GET", "/api/requests", text);
    fixture.answer("GET", "/api/audit", text);
    fixture.answer("GET", "/api/requests/" + text);
    fixture.answer("GET", "/" + text);
    fixture.answer("POST", "/api/session", "", text);
    require(fixture.is_pending(), "only a decision decides");
    check_decision(fixture, "/api/requests/" + text + "/approve", "{}");
    if (fixture.is_pending()) check_decision(fixture, "/api/requests/" + fixture.request_id() + "/approve", text);
}

}  // namespace approvekit::fuzz
