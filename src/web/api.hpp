#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/error.hpp"
#include "approvekit/reviewer.hpp"
#include "review/doubtful_stops.hpp"
#include "web/answer.hpp"
#include "web/event_hub.hpp"
#include "web/history_api.hpp"
#include "web/identification.hpp"
#include "web/route.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace approvekit::web {

/// An authorized request as the API takes it. A plain value.
struct Call {
    Route route;
    std::string method;
    std::string query;  ///< as it came, not decoded
    std::string body;
    std::optional<std::string> last_event_id{};  ///< the header of that name
    Caller caller{};                             ///< known unless the route is for everybody
    std::function<bool()> is_wanted{};           ///< whether somebody still waits for the answer; empty means yes
};

/// Whether the record can be read, and overdue requests can be ended in it. Looks and sweeps at most once a second,
/// however many ask. Thread-safe.
class RecordHealth {
public:
    static constexpr std::chrono::seconds period{1};

    /// Keeps references to both.
    RecordHealth(Storage& storage, const Clock& clock) : storage_(storage), clock_(clock) {}

    /// Returns the result of the last look, which may be this one.
    [[nodiscard]] bool is_good();

private:
    Storage& storage_;
    const Clock& clock_;
    std::atomic<std::chrono::microseconds> next_look_{};
    std::atomic<bool> is_good_ = true;
};

/// What the API works with. The server owns it; all of it outlives the API.
struct ApiParts {
    Reviewer& reviewer;  ///< if there are several, the one whose record and way they share
    Identification& identification;
    EventHub& events;
    const Clock& clock;
    std::string base_path{};
};

/// The meaning of each route, without HTTP's transport: docs/http-api.md. Callers decide under their own name, whatever
/// else the call says. Thread-safe.
class Api {
public:
    explicit Api(ApiParts parts)
        : parts_(std::move(parts)),
          health_(parts_.reviewer.storage(), parts_.clock),
          history_(parts_.reviewer, parts_.clock),
          doubtful_stops_(parts_.reviewer.storage()) {}

    /// Answers a call that was authorized. Errors become answers; those that are not the client's business lose their
    /// text. Throws nothing but std::bad_alloc.
    [[nodiscard]] Answer answer(const Call& call);

private:
    [[nodiscard]] Answer dispatch(const Call& call);
    [[nodiscard]] Answer dispatch_as(Reviewer& reviewer, const Call& call);
    [[nodiscard]] Reviewer reviewer_of(const Call& call) const;
    [[nodiscard]] Answer page_file(const Asset& file) const;
    [[nodiscard]] Answer entrance() const;
    [[nodiscard]] Answer health();
    [[nodiscard]] Answer open_session(const Call& call);
    [[nodiscard]] Answer session(const Reviewer& reviewer) const;
    [[nodiscard]] Answer sessions(const Call& call) const;
    [[nodiscard]] Answer end_session(const Call& call);
    [[nodiscard]] Answer make_link(const Call& call);
    [[nodiscard]] Answer requests(Reviewer& reviewer, const Call& call) const;
    [[nodiscard]] Answer audit(Reviewer& reviewer, const Call& call) const;
    [[nodiscard]] Answer request(const ApprovalRequest& request) const;
    [[nodiscard]] Answer decide(Reviewer& reviewer, const Call& call) const;
    [[nodiscard]] Answer decide_several(Reviewer& reviewer, const Call& call) const;
    [[nodiscard]] Answer not_decided(Reviewer& reviewer, const DecisionError& error, const std::string& id) const;
    [[nodiscard]] Answer stops(Reviewer& reviewer, const Call& call);
    [[nodiscard]] Answer stop(const Stop& stop) const;
    [[nodiscard]] Answer lift(Reviewer& reviewer, const Call& call) const;
    [[nodiscard]] Answer grants(Reviewer& reviewer) const;
    [[nodiscard]] Answer revoke(Reviewer& reviewer, const Call& call) const;
    [[nodiscard]] Answer events(const Call& call);
    [[nodiscard]] Answer export_calls(const Call& call) const;
    [[nodiscard]] std::function<bool()> admission_of(Caller caller) const;

    [[nodiscard]] std::string now() const { return to_text(parts_.clock.now()); }

    ApiParts parts_;
    RecordHealth health_;
    HistoryApi history_;
    review::DoubtfulStops doubtful_stops_;
};

}  // namespace approvekit::web
