#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/error.hpp"
#include "approvekit/reviewer.hpp"
#include "web/answer.hpp"
#include "web/call.hpp"
#include "web/event_hub.hpp"
#include "web/route.hpp"
#include "web/sessions.hpp"
#include "web/sign_in_links.hpp"
#include "web/sweeper.hpp"

#include <memory>
#include <string>
#include <utility>

namespace approvekit::web {

/// What the API works with. Owned by the server; all outlive the API.
struct ApiParts {
    Reviewer& reviewer;
    SignInLinks& links;
    Sessions& sessions;
    EventHub& events;
    const Sweeper& sweeper;
    const Clock& clock;
};

/// The meaning of each route, without a word of HTTP's transport: docs/http-api.md. Thread-safe.
class Api {
public:
    explicit Api(ApiParts parts) : parts_(std::move(parts)) {}

    /// Answers a call that was authorized. Errors become answers; throws nothing but std::bad_alloc.
    [[nodiscard]] Answer answer(const Call& call);

private:
    [[nodiscard]] Answer dispatch(const Call& call, const Route& route);
    [[nodiscard]] Answer asset(const std::string& path) const;
    [[nodiscard]] Answer health() const;
    [[nodiscard]] Answer open_session(const Call& call);
    [[nodiscard]] Answer session() const;
    [[nodiscard]] Answer make_link(const Call& call);
    [[nodiscard]] Answer requests(const Call& call);
    [[nodiscard]] Answer audit(const Call& call);
    [[nodiscard]] Answer request(const ApprovalRequest& request) const;
    [[nodiscard]] Answer decide(const Call& call, const Route& route);
    [[nodiscard]] Answer not_decided(const DecisionError& error, const std::string& id);
    [[nodiscard]] Answer events();

    [[nodiscard]] std::string now() const { return to_text(parts_.clock.now()); }

    ApiParts parts_;
};

}  // namespace approvekit::web
