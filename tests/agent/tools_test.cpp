// The registry for what a model calls: arguments are converted to values before anybody is asked.
#include "approvekit/tools.hpp"

#include "support/catch.hpp"
#include "support/guarding_agent.hpp"

#include <chrono>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

using namespace approvekit;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace shop {

enum class Currency { eur, usd };
NLOHMANN_JSON_SERIALIZE_ENUM(Currency, {{Currency::eur, "eur"}, {Currency::usd, "usd"}})

struct Payment {
    int cents = 0;
    std::string to;
    NLOHMANN_DEFINE_TYPE_INTRUSIVE(Payment, cents, to)
};

struct Weight {
    float kilos = 0;
    double exact = 0;
    NLOHMANN_DEFINE_TYPE_INTRUSIVE(Weight, kilos, exact)
};

/// Keeps two digits, which changes the amount.
struct Rounded {
    double amount = 0;
};
void to_json(Json& json, const Rounded& rounded) {
    json = rounded.amount;
}
void from_json(const Json& json, Rounded& rounded) {
    rounded.amount = std::round(json.get<double>() * 100) / 100;
}

struct Till {
    int total = 0;
    int take(int cents) { return total += cents; }
};

}  // namespace shop

namespace {

/// A registry whose tools run at once, and what each of them got.
struct Register : GuardingAgent {
    ApproveKit open{Policy().set_unmatched(Unmatched::allow), storage};
    Tools tools{open};

    std::string answer(const std::string& tool, const std::string& arguments) const {
        return tools.call(tool, arguments).text_for_model();
    }
    Json reviewed() const { return last_entry_that_has_arguments().tool_args; }
    AuditEntry last_entry_that_has_arguments() const {
        storage->flush();
        for (const AuditEntry& entry : storage->audit({}).entries) {
            if (entry.decision == AuditEvent::approved) return entry;
        }
        throw std::runtime_error("nothing was allowed");
    }
};

/// The result of reading `json` as a parameter of type Value: its text, or why it is refused.
template <typename Value>
std::string taken(const Json& json) {
    try {
        return detail::ToolJson<Value>::write(detail::ToolJson<Value>::read(json, detail::ArgumentPlace("a"))).dump();
    } catch (const detail::ArgumentMismatch& mismatch) {
        return mismatch.what();
    }
}

}  // namespace

TEST_CASE("A registered tool gets values, and its result goes back to the model as text") {
    Register shop;
    shop.tools.add("pay", {"payment", "currency", "note"},
                   [](const shop::Payment& payment, shop::Currency currency, std::optional<std::string> note) {
                       return payment.to + (currency == shop::Currency::usd ? " $" : " EUR ") +
                              std::to_string(payment.cents) + note.value_or("");
                   });
    CHECK(shop.answer("pay", R"({"payment": {"cents": 1250, "to": "ana"}, "currency": "usd"})") == "ana $1250");
    CHECK(shop.reviewed() ==
          Json{{"payment", {{"cents", 1250}, {"to", "ana"}}}, {"currency", "usd"}, {"note", nullptr}});

    int runs = 0;
    shop.tools.add("count", {}, [&] { return ++runs; }).add("forget", {}, [&] { runs = 0; });
    CHECK(shop.answer("count", " \n") == "1");
    CHECK(shop.answer("forget", "{}") == "Done.");
    CHECK(runs == 0);
    shop.tools.add("update", [](const Json& change) { return change.at("city"); });
    CHECK(shop.answer("update", R"({"city": "Oslo"})") == "Oslo");
    CHECK(shop.tools.call("update", Json{{"city", "Bergen"}}).value() == "Bergen");
    CHECK_THAT(shop.answer("update", "[1]"), ContainsSubstring("expected the arguments as one JSON object"));
}

TEST_CASE("What could never run is answered to the model at once, and nobody is asked") {
    const GuardingAgent agent;
    int runs = 0;
    Tools tools(agent.kit);
    tools.add("held", {"payment", "currency"}, [&](shop::Payment, shop::Currency) { ++runs; });
    const auto refusal_of = [&](const std::string& arguments) {
        const auto outcome = tools.call("held", arguments);
        REQUIRE_FALSE(outcome.ran());
        CHECK(outcome.refusal().code == ErrorCode::invalid_arguments);
        return outcome.refusal().text_for_model();
    };
    CHECK(refusal_of(R"({"payment": {"cents": "12", "to": "ana"}, "currency": "yen", "urgent": true})") ==
          "The call was not executed: held: \"urgent\": no such argument; there are: payment, currency; payment: type "
          "must be number, but is string; currency: expected one of \"eur\", \"usd\", got another text. Correct the "
          "arguments before you try again.");
    CHECK_THAT(refusal_of("{}"), ContainsSubstring("held: payment: missing; currency: missing."));
    CHECK_THAT(refusal_of(R"({"payment": {"cents": 12.7, "to": "ana"}, "currency": "eur"})"),
               ContainsSubstring("payment.cents: a number that its type would change"));
    CHECK_THAT(refusal_of(R"({"payment": {"cents": 12}, "currency": "eur"})"),
               ContainsSubstring("payment: key 'to' not found"));
    CHECK_THAT(refusal_of("{"), ContainsSubstring("line 1"));
    CHECK_THAT(refusal_of("7"), ContainsSubstring("expected the arguments as one JSON object"));
    CHECK(runs == 0);
    CHECK(agent.events().empty());
    CHECK(agent.storage->list({}).requests.empty());
}

TEST_CASE("A model that names an unknown tool is told which there are") {
    Register shop;
    shop.tools.add("pay", {"cents"}, [](int) {}).add("refund", {"cents"}, [](int) {});
    const auto outcome = shop.tools.call("transfer", "{");
    CHECK(outcome.refusal().code == ErrorCode::unknown_tool);
    CHECK_THAT(outcome.text_for_model(),
               ContainsSubstring("transfer: no such tool; there are: pay, refund.") && EndsWith("choose another way."));
    CHECK(shop.events().empty());
}

TEST_CASE("What a model leaves out is filled in before anybody is asked") {
    Register shop;
    shop.tools.add("send",
                   {"to", Parameter("copies").otherwise(2), Parameter("currency").otherwise(shop::Currency::usd),
                    Parameter("within").otherwise(90s), Parameter("greeting").otherwise("Hello"), "note"},
                   [](const std::string&, int, shop::Currency, std::chrono::seconds, std::string_view,
                      const std::optional<int>&) {});
    CHECK(shop.answer("send", R"({"to": "ana", "copies": null})") == "Done.");
    CHECK(shop.reviewed() == Json{{"to", "ana"},
                                  {"copies", 2},
                                  {"currency", "usd"},
                                  {"within", "1min30s"},
                                  {"greeting", "Hello"},
                                  {"note", nullptr}});
    CHECK_THAT(shop.answer("send", R"({"to": null})"), ContainsSubstring("to: expected text, got null"));
    CHECK_THROWS_WITH(shop.tools.add("bad", {Parameter("n").otherwise("two")}, [](int) {}),
                      ContainsSubstring("n: expected a whole number"));
    CHECK_THROWS_WITH(shop.tools.add("bad", {"n", "n"}, [](int, int) {}),
                      ContainsSubstring("two parameters are named n"));
    CHECK_THROWS_WITH(shop.tools.add("send", {}, [] {}), ContainsSubstring("two tools are named send"));
    CHECK(shop.tools.for_mcp().size() == 1);
}

TEST_CASE("What the tools of a model run into is an answer, and on record") {
    Register shop;
    std::string name = GENERATE("throws", "unsure");
    shop.tools.add("throws", {}, []() -> int { throw std::runtime_error("no paper"); }).add("unsure", {}, []() -> int {
        throw OutcomeUnknownError("sent, never confirmed");
    });
    const auto outcome = shop.tools.call(name, "");
    CHECK(outcome.ran());
    CHECK_FALSE(outcome);
    if (name == "throws") {
        CHECK_THAT(outcome.text_for_model(),
                   StartsWith("The call ran and failed; what it did until then stands: throws "
                              "ran and failed: no paper."));
        CHECK(shop.last_entry().reviewer_notes == "no paper");
    } else {
        CHECK(
            outcome.text_for_model() ==
            "The call ran, and nobody can tell whether it had its effect: sent, never confirmed. Find out what it did "
            "before you try again, or ask the user.");
        CHECK(shop.last_entry().decision == AuditEvent::unknown);
    }
    CHECK(outcome.value_or(7) == 7);
}

TEST_CASE("Several calls of one turn wait at the same time") {
    const GuardingAgent agent;
    Tools tools(agent.kit);
    tools.add("held", {"n"}, [](int n) { return n * 2; });
    auto first = tools.submit("held", R"({"n": 1})");
    auto second = tools.submit("held", R"({"n": 2})");
    auto wrong = tools.submit("held", R"({"n": "two"})");
    CHECK(wrong.ready());
    CHECK(wrong.request_id().empty());
    CHECK_THAT(wrong.attempt().text_for_model(), ContainsSubstring("n: expected a whole number"));
    agent.kit.approve(second.request_id());
    CHECK(second.attempt().text_for_model() == "4");
    agent.kit.reject(first.request_id(), {.notes = "not today", .reviewer = "ana"});
    CHECK_THAT(first.attempt().text_for_model(), ContainsSubstring("rejected by ana: not today"));
    CHECK_THAT(tools.call("nothing", Json::object()).text_for_model(), ContainsSubstring("no such tool"));
}

TEST_CASE("Numbers and texts are taken as they are or not at all") {
    CHECK(taken<int>(3.0) == "3");
    CHECK(taken<int>(3.5) == "a: expected a whole number from -2147483648 to 2147483647, got another number");
    CHECK(taken<int>(true) == "a: expected a whole number from -2147483648 to 2147483647, got true or false");
    CHECK(taken<unsigned char>(300) == "a: expected a whole number from 0 to 255, got another number");
    CHECK(taken<unsigned char>(255) == "255");
    CHECK_THAT(taken<unsigned>(-1), ContainsSubstring("from 0 to 4294967295"));
    CHECK(taken<std::uint64_t>(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK_THAT(taken<std::int64_t>(std::numeric_limits<std::uint64_t>::max()), ContainsSubstring("another number"));
    CHECK(taken<double>(7) == "7.0");
    CHECK(taken<double>("7") == "a: expected a number, got text");
    CHECK_THAT(taken<float>(1e300), ContainsSubstring("expected a number"));
    CHECK(taken<bool>(true) == "true");
    CHECK(taken<bool>(1) == "a: expected true or false, got a number");
    CHECK(taken<std::string>(1) == "a: expected text, got a number");
    CHECK(taken<std::filesystem::path>("/tmp/a b") == "\"/tmp/a b\"");
    CHECK(taken<shop::Currency>("eur") == "\"eur\"");
    CHECK_THAT(taken<shop::Currency>(0), EndsWith("got a number"));
}

TEST_CASE("A class may keep a number as a float, but not as another number") {
    CHECK_THAT(taken<shop::Weight>({{"kilos", 0.1}, {"exact", 0.1}}),
               StartsWith("{\"exact\":0.1,\"kilos\":0.10000000149"));
    CHECK(taken<shop::Rounded>(1.25) == "1.25");
    CHECK(taken<shop::Rounded>(1.259) == "a: a number that its type would change");
    CHECK_THAT(taken<shop::Weight>({{"kilos", 1e300}, {"exact", 1}}), ContainsSubstring("would change"));
}

TEST_CASE("Containers say at which place they do not fit") {
    CHECK(taken<std::vector<int>>({1, 2}) == "[1,2]");
    CHECK_THAT(taken<std::vector<int>>({1, "b"}), StartsWith("a[1]: expected a whole number"));
    CHECK(taken<std::vector<bool>>({true, false}) == "[true,false]");
    CHECK(taken<std::list<std::set<int>>>(Json::array({{2, 1, 2}})) == "[[1,2]]");
    CHECK_THAT((taken<std::map<std::string, std::vector<shop::Payment>>>({{"x", {{{"cents", true}, {"to", ""}}}}})),
               StartsWith("a.x[0].cents: a truth value that its type would change"));
    CHECK((taken<std::pair<int, std::string>>({1, "b"})) == "[1,\"b\"]");
    CHECK((taken<std::tuple<int, int>>({1})) == "a: expected a list of 2, got one of 1");
    CHECK((taken<std::array<int, 2>>({1, 2})) == "[1,2]");
    CHECK_THAT((taken<std::array<int, 2>>({1, 2, 3})), EndsWith("got one of 3"));
    CHECK((taken<std::variant<int, std::string>>("b")) == "\"b\"");
    CHECK((taken<std::variant<bool, std::string>>(1)) ==
          "a: expected true or false, got a number, or a: expected text, got a number");
    CHECK((taken<std::variant<std::monostate, int>>(nullptr)) == "null");
    CHECK(taken<std::optional<std::vector<int>>>(nullptr) == "null");
    CHECK(taken<std::vector<std::optional<int>>>({nullptr, 1}) == "[null,1]");
}

TEST_CASE("Durations have their units, and times their zone") {
    CHECK(taken<std::chrono::seconds>("1h30min") == "\"1h30min\"");
    CHECK(taken<std::chrono::seconds>("90s") == "\"1min30s\"");
    CHECK(taken<std::chrono::minutes>("-2d") == "\"-2d\"");
    CHECK(taken<std::chrono::seconds>("0ms") == "\"0s\"");
    CHECK(taken<std::chrono::seconds>("1500ms") == "a: expected a duration in whole multiples of 1s, got text");
    CHECK(taken<std::chrono::duration<double>>("1500ms") == "\"1s500ms\"");
    for (const Json& wrong : {Json(90), Json("90"), Json(""), Json("-"), Json("1 h"), Json("1h-3s"), Json("1w"),
                              Json("99999999999999999999s"), Json("99999999999d")}) {
        CHECK_THAT(taken<std::chrono::seconds>(wrong), ContainsSubstring("expected a duration such as"));
    }
    using Seconds = std::chrono::sys_seconds;
    CHECK(taken<Seconds>("2026-01-31T09:05:00Z") == "\"2026-01-31T09:05:00Z\"");
    CHECK(taken<Seconds>("2026-01-31T00:05:00+01:30") == "\"2026-01-30T22:35:00Z\"");
    CHECK_THAT(taken<Seconds>("2026-01-31T09:05:00.5Z"), ContainsSubstring("without a fraction"));
    CHECK(taken<std::chrono::system_clock::time_point>("2026-01-31T09:05:00.25Z") == "\"2026-01-31T09:05:00.25Z\"");
    CHECK(taken<std::chrono::sys_days>("2026-01-31") == "\"2026-01-31\"");
    CHECK_THAT(taken<std::chrono::sys_days>("2026-02-30"), ContainsSubstring("expected a date"));
    for (const char* wrong : {"2026-01-31T09:05:00", "2026-01-31", "09:05", "2026-01-31T09:05:00+1", "Z"}) {
        CHECK_THAT(taken<Seconds>(wrong), ContainsSubstring("expected a time with its zone"));
    }
}

TEST_CASE("The list of tools says what the types tell") {
    Register shop;
    shop.tools.add({"pay", "Pays somebody."},
                   {{"payment", "What and whom"}, "currency", Parameter("urgent").otherwise(false), "within", "tags"},
                   [](const shop::Payment&, shop::Currency, bool, std::optional<std::chrono::seconds>,
                      const std::vector<std::string>&) {});
    shop.tools.add("list", {}, [] {});
    const Json schema = Json::parse(R"({
        "type": "object",
        "additionalProperties": false,
        "required": ["payment", "currency", "tags"],
        "properties": {
            "payment": {
                "type": "object",
                "description": "What and whom",
                "properties": {"cents": {"type": "integer"}, "to": {"type": "string"}},
                "required": ["cents", "to"]
            },
            "currency": {"enum": ["eur", "usd"]},
            "urgent": {"type": "boolean", "default": false},
            "within": {"type": "string", "pattern": "^-?([0-9]+(d|h|min|s|ms|us|ns))+$"},
            "tags": {"type": "array", "items": {"type": "string"}}
        }
    })");
    const Json openai = shop.tools.for_openai();
    CHECK(openai.at(0) ==
          Json{{"type", "function"},
               {"function", {{"name", "pay"}, {"description", "Pays somebody."}, {"parameters", schema}}}});
    const Json mcp = shop.tools.for_mcp();
    CHECK(mcp.at(0) == Json{{"name", "pay"}, {"description", "Pays somebody."}, {"inputSchema", schema}});
    CHECK(mcp.at(1) ==
          Json{{"name", "list"},
               {"inputSchema", {{"type", "object"}, {"properties", Json::object()}, {"additionalProperties", false}}}});
}

TEST_CASE("A tool may be a member of an object that lives on with it") {
    const GuardingAgent agent;
    auto till = std::make_shared<shop::Till>();
    auto guarded = agent.kit.guard("free", {"cents"}, &shop::Till::take, till);
    Tools tools(agent.kit);
    tools.add("free", {"cents"}, &shop::Till::take, till);
    shop::Till other;
    tools.add("held", {"cents"}, &shop::Till::take, other);
    const std::weak_ptr<shop::Till> alive = till;
    till.reset();
    CHECK(guarded(5) == 5);
    CHECK(*tools.call("free", R"({"cents": 7})") == 12);
    CHECK_FALSE(alive.expired());
    CHECK_THROWS_AS(agent.kit.guard("free", {"cents"}, &shop::Till::take, std::shared_ptr<shop::Till>()), Error);
}

TEST_CASE("A guarded tool takes optionals and durations as well") {
    const GuardingAgent agent;
    auto tool = agent.kit.guard("free", {"n", "within"},
                                [](std::optional<int> n, std::chrono::seconds) { return n.value_or(-1); });
    CHECK(tool(std::nullopt, 90s) == -1);
    CHECK(agent.storage->audit({}).entries.back().tool_args == Json{{"n", nullptr}, {"within", "1min30s"}});
}

TEST_CASE("An outcome is used like an optional") {
    const GuardingAgent agent;
    auto tool = agent.kit.guard("free", {}, [] { return std::string("done"); });
    auto outcome = tool.attempt();
    CHECK(*outcome == "done");
    CHECK(outcome->size() == 4);
    CHECK(outcome.value_or("nothing") == "done");
    CHECK(outcome.text_for_model() == "done");
    CHECK(agent.kit.guard("free", {}, [] {}).attempt().text_for_model() == "Done.");
    const Outcome<std::string> refused = Refusal{};
    CHECK(refused.value_or("nothing") == "nothing");
}

TEST_CASE("Only where somebody refused is a model told not to repeat the call") {
    Refusal refusal;
    refusal.message = "it is";
    for (const auto& [code, end] : std::map<ErrorCode, std::string>{
             {ErrorCode::rejected, "Do not repeat the same call; choose another way or ask the user."},
             {ErrorCode::denied, "The policy will refuse it again; choose another way or ask the user."},
             {ErrorCode::timeout, "Nobody said no; ask the user before you try again."},
             {ErrorCode::cancelled, "Ask the user before you try again."},
             {ErrorCode::altered, "Ask the user before you try again."}}) {
        refusal.code = code;
        CHECK(refusal.text_for_model() == "The call was not executed: it is. " + end);
    }
}
