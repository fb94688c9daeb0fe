// A guarded call that a reviewer answered instead of letting it run.
#include "approvekit/completion.hpp"
#include "approvekit/reviewer.hpp"
#include "approvekit/tools.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/guarding_agent.hpp"

#include <coroutine>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

struct Room {
    std::string name;
    int seats = 0;
};

void to_json(Json& json, const Room& room) {
    json = {{"name", room.name}, {"seats", room.seats}};
}

void from_json(const Json& json, Room& room) {
    json.at("name").get_to(room.name);
    json.at("seats").get_to(room.seats);
}

/// An agent whose calls a reviewer may answer.
struct Reception : GuardingAgent {
    Reception()
        : asking(Policy::from_yaml_text("rules:\n  - {tool: ask, require_approval: true, timeout: 30, "
                                        "redact_fields: [pin], allow_answer: true}\n"),
                 storage) {}

    ApprovalRequest answer(const std::string& id, const Json& words, const std::string& notes = {}) const {
        return Reviewer(storage, "ada", "terminal").answer(id, words, {.notes = notes});
    }
    [[nodiscard]] std::jthread answering_next(Json words) const {
        return std::jthread([this, words = std::move(words)] { answer(pending().id, words); });
    }
    /// A tool that returns this type, and notes that it ran.
    template <typename Result>
    [[nodiscard]] auto tool() const {
        return asking.guard("ask", {"what"}, [ran = ran](const std::string&) -> Result {
            *ran = true;
            if constexpr (!std::is_void_v<Result>) return Result{};
        });
    }

    ApproveKit asking;
    std::shared_ptr<bool> ran = std::make_shared<bool>(false);
};

/// The outcome of a tool of that type if its call is answered like this.
template <typename Result>
Outcome<Result> outcome_of(const Reception& reception, const Json& words) {
    auto ticket = reception.tool<Result>().submit("a room");
    reception.answer(ticket.request_id(), words);
    return ticket.attempt();
}

}  // namespace

TEST_CASE("an answer is the result of a call where the tool's type takes it, and the tool does not run") {
    const Reception reception;
    const auto text = outcome_of<std::string>(reception, "Ask Bob.");
    REQUIRE(text);
    CHECK(*text == "Ask Bob.");
    CHECK_FALSE(text.ran());
    REQUIRE(text.answer());
    CHECK(text.answer()->reviewer == "ada");
    CHECK(text.answer()->value == "Ask Bob.");
    CHECK(text.text_for_model() ==
          "The tool was not run: the reviewer ada answered the call instead. The answer: Ask Bob.");
    CHECK(*outcome_of<int>(reception, 7) == 7);
    CHECK(outcome_of<std::vector<int>>(reception, {1, 2}).value() == std::vector<int>{1, 2});
    CHECK(outcome_of<std::optional<std::string>>(reception, "x").value() == "x");
    CHECK(outcome_of<std::map<std::string, int>>(reception, {{"a", 1}}).value().at("a") == 1);
    const auto room = outcome_of<Room>(reception, {{"name", "Oak"}, {"seats", 4}});
    CHECK(room->name == "Oak");
    CHECK(outcome_of<Json>(reception, {{"any", {1, "thing"}}}).value().at("any").size() == 2);
    CHECK_FALSE(*reception.ran);
    CHECK(reception.last_entry().decision == AuditEvent::answered);
    CHECK(reception.storage->verify_audit().intact());
}

TEST_CASE("an answer of another type than the tool's is a refusal with the reviewer's words") {
    const Reception reception;
    const auto number = outcome_of<int>(reception, "seven");
    REQUIRE_FALSE(number);
    CHECK_FALSE(number.ran());
    CHECK(number.refusal().code == ErrorCode::answered);
    CHECK(number.refusal().reviewer == "ada");
    CHECK(number.refusal().notes == "seven");
    CHECK_THAT(number.refusal().text_for_model(), StartsWith("The call was not executed: ask was not run: ada answered "
                                                             "it instead") &&
                                                      ContainsSubstring("seven"));
    CHECK(number.answer()->value == "seven");
    CHECK_THAT(number.text_for_model(), StartsWith("The tool was not run: the reviewer ada answered"));
    CHECK_FALSE(outcome_of<int>(reception, 7.5));
    CHECK_FALSE(outcome_of<bool>(reception, 1));
    CHECK_FALSE(outcome_of<Room>(reception, {{"name", "Oak"}}));
    CHECK_FALSE(outcome_of<std::string>(reception, Json::array({"x"})));
    const auto nothing = outcome_of<void>(reception, "done, trust me");
    CHECK_FALSE(nothing);
    CHECK(nothing.refusal().notes == "done, trust me");
    CHECK_FALSE(outcome_of<std::string_view>(reception, "a view of nothing"));
    CHECK_FALSE(*reception.ran);
}

TEST_CASE("what waits where it was called returns the answer or throws it") {
    const Reception reception;
    {
        const std::jthread reviewer = reception.answering_next("Ask Bob.");
        CHECK(reception.tool<std::string>()("a room") == "Ask Bob.");
    }
    {
        const std::jthread reviewer = reception.answering_next("Ask Bob.");
        CHECK(error_code_of([&] { reception.tool<void>()("a room"); }) == ErrorCode::answered);
    }
    const auto run_json = [&](const Json&) -> std::string { return "ran"; };
    {
        const std::jthread reviewer = reception.answering_next("Ask Bob.");
        CHECK(reception.asking.call("ask", R"({"what": "x"})", run_json) == "Ask Bob.");
    }
    {
        const std::jthread reviewer = reception.answering_next("Ask Bob.");
        const auto outcome = reception.asking.try_call("ask", R"({"what": "x"})", run_json);
        CHECK(*outcome == "Ask Bob.");
        CHECK(outcome.answer());
    }
    {
        const std::jthread reviewer = reception.answering_next("Ask Bob.");
        CHECK(reception.asking.guard("ask", run_json)({{"what", "x"}}) == "Ask Bob.");
    }
    {
        const std::jthread reviewer = reception.answering_next("Ask Bob.");
        const auto later = reception.asking.guard(
            "ask", {"what"}, [](Completion<std::string> done, std::string) { done.complete("ran"); });
        CHECK(later("a room") == "Ask Bob.");
    }
    {
        const std::jthread reviewer = reception.answering_next("Ask Bob.");
        CHECK(error_code_of([&] {
                  static_cast<void>(reception.asking.admit("ask", {{"what", "x"}}));
              }) == ErrorCode::answered);
    }
    CHECK_FALSE(*reception.ran);
}

TEST_CASE("a ticket that was answered is as one that has ended, whose result is there as often as it is asked") {
    const Reception reception;
    auto ticket = reception.tool<std::string>().submit("a room");
    CHECK_FALSE(ticket.start());
    reception.answer(ticket.request_id(), "Ask Bob.");
    CHECK(ticket.wait_for(std::chrono::seconds(60)));
    CHECK(ticket.status() == ApprovalStatus::answered);
    CHECK(ticket.start());
    CHECK(ticket.finished());
    bool is_told = false;
    ticket.on_finished([&] { is_told = true; });
    CHECK(is_told);
    CHECK(ticket.get() == "Ask Bob.");
    CHECK(ticket.attempt().answer()->value == "Ask Bob.");
    auto other = reception.tool<void>().submit("a room");
    reception.answer(other.request_id(), "no");
    CHECK(other.wait_for(std::chrono::seconds(60)));
    CHECK(error_code_of([&] { other.start(); }) == ErrorCode::answered);
    std::vector<Ticket<std::string>> tickets;
    tickets.push_back(reception.tool<std::string>().submit("one"));
    tickets.push_back(reception.tool<std::string>().submit("two"));
    reception.answer(tickets.at(1).request_id(), "two is free");
    CHECK(wait_any(tickets) == 1);
    CHECK(tickets.at(1).get() == "two is free");
    CHECK_FALSE(*reception.ran);
}

TEST_CASE("a model gets any answer to a registered tool, whatever it returns") {
    const Reception reception;
    Tools tools(reception.asking);
    tools.add("ask", {"what"}, [](const std::string&) {});
    for (const Json& words : {Json("Ask Bob."), Json(7), Json{{"rooms", 2}}}) {
        ToolTicket ticket = tools.submit("ask", R"({"what": "a room"})");
        reception.answer(ticket.request_id(), words, "as we said");
        const Outcome<Json> outcome = ticket.attempt();
        REQUIRE(outcome);
        CHECK(outcome.value() == words);
        CHECK_FALSE(outcome.ran());
        CHECK(outcome.answer()->notes == "as we said");
        CHECK_THAT(outcome.text_for_model(),
                   StartsWith("The tool was not run: the reviewer ada answered the call instead. The reviewer's "
                              "notes: as we said The answer: "));
    }
}

TEST_CASE("an agent that asked to be told of events hears that its call was answered") {
    const Reception reception;
    std::vector<Event> told;
    ApproveKit::Options options;
    options.on_event = [&](const Event& event) { told.push_back(event); };
    const ApproveKit kit(Policy::from_yaml_text("rules: [{tool: ask, require_approval: true, allow_answer: true}]"),
                         reception.storage, options);
    auto ticket = kit.guard("ask", {"what"}, [](const std::string&) { return std::string(); }).submit("x");
    reception.answer(ticket.request_id(), "Ask Bob.");
    CHECK(ticket.get() == "Ask Bob.");
    CHECK(told.back().kind == Event::Kind::decided);
    CHECK_THAT(told.back().text, ContainsSubstring("ask was not run: ada answered it instead"));
}

TEST_CASE("G7 H180 an answer that holds what the call hides is given to nobody") {
    const Reception reception;
    auto ticket =
        reception.asking
            .guard("ask", {"what", "pin"}, [](const std::string&, const std::string&) { return std::string(); })
            .submit("a room", "4711-0815");
    reception.answer(ticket.request_id(), "the pin is 4711-0815");
    const auto outcome = ticket.attempt();
    REQUIRE_FALSE(outcome);
    CHECK(outcome.refusal().code == ErrorCode::altered);
    CHECK_THAT(outcome.refusal().message, !ContainsSubstring("4711"));
    CHECK(reception.last_entry().decision == AuditEvent::refused);
    CHECK(reception.storage->verify_audit().intact());
}

TEST_CASE("an agent that asks again with its key gets the same answer again") {
    const Reception reception;
    const Call keyed{.idempotency_key = "k-1"};
    const auto tool = reception.tool<std::string>().with(keyed);
    auto ticket = tool.submit("a room");
    reception.answer(ticket.request_id(), "Ask Bob.");
    CHECK(ticket.get() == "Ask Bob.");
    CHECK(tool("a room") == "Ask Bob.");
    CHECK(tool.submit("a room").get() == "Ask Bob.");
    CHECK(tool.attempt("a room").answer()->reviewer == "ada");
    CHECK(error_code_of([&] { tool("a house"); }) == ErrorCode::key_conflict);
    CHECK(reception.storage->list({}).requests.empty());
    CHECK_FALSE(*reception.ran);
}

TEST_CASE("a tool whose own call was answered with what it cannot take has failed, and did not run twice") {
    const Reception reception;
    const auto inner = reception.tool<void>();
    const auto outer = reception.kit.guard("free", {"what"}, [&](const std::string& what) {
        inner(what);
        return 1;
    });
    const std::jthread reviewer = reception.answering_next("no");
    const auto outcome = outer.attempt("x");
    REQUIRE_FALSE(outcome);
    CHECK(outcome.refusal().code == ErrorCode::tool_failed);
    CHECK_FALSE(outcome.answer());
}
