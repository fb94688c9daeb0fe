// Values that a model writes and that would be shown differently from what the tool gets.
#include "approvekit/tools.hpp"

#include "support/catch.hpp"
#include "support/guarding_agent.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <ratio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace approvekit;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Can always be read, but not always be written.
struct Coy {
    int number = 0;
};
void to_json(Json& json, const Coy& coy) {
    if (coy.number == 13) throw std::domain_error("thirteen is unlucky");
    json = coy.number;
}
void from_json(const Json& json, Coy& coy) {
    coy.number = json.get<int>();
}

/// Its error message quotes the value that it refuses.
struct Quoting {};
void to_json(Json& json, const Quoting&) {
    json = "fine";
}
void from_json(const Json& json, Quoting&) {
    throw std::domain_error("not a code: " + json.get<std::string>());
}

/// A registry whose tools run at once, with the events of their calls.
struct Shop : GuardingAgent {
    std::shared_ptr<std::vector<Event>> told = std::make_shared<std::vector<Event>>();
    Tools tools{ApproveKit(hiding(), storage, telling(told))};
    int runs = 0;

    static Policy hiding() {
        PolicyRule free = rule("*", false);
        free.redact_fields = {"hidden"};
        return Policy().add_rule(free);
    }
    static ApproveKit::Options telling(const std::shared_ptr<std::vector<Event>>& told) {
        ApproveKit::Options options;
        options.on_event = [told](const Event& event) { told->push_back(event); };
        return options;
    }
    /// Calls a tool with one parameter of this type.
    template <typename Value>
    std::string answer(const Json& value, const char* parameter = "a") {
        Tools one = tools;
        one.add("take", {parameter}, [this](Value) { ++runs; });
        return one.call("take", Json{{parameter, value}}).text_for_model();
    }
};

template <typename Value>
Json written(Value value) {
    return detail::ToolJson<Value>::write(value);
}

}  // namespace

TEST_CASE("G2 a text that its tool would see cut at a NUL is refused") {
    Shop shop;
    const Json text = std::string("/etc/shadow\0.txt", 16);
    CHECK_THAT(shop.answer<const char*>(text), ContainsSubstring("take: a: expected text without a NUL in it"));
    CHECK_THAT(shop.answer<std::filesystem::path>(text), ContainsSubstring("without a NUL"));
    CHECK_THAT(shop.answer<const std::filesystem::path&>(text), ContainsSubstring("without a NUL"));
    CHECK_THAT(shop.answer<std::vector<std::filesystem::path>>(Json::array({text})),
               ContainsSubstring("a[0]: expected text"));
    CHECK(shop.runs == 0);
    CHECK(shop.answer<const char*>("/etc/shadow") == "Done.");
    CHECK(shop.answer<std::string_view>(text) == "Done.");  // gets all of it
    CHECK(shop.runs == 2);
}

TEST_CASE("G2 a time that cannot be shown whole is refused") {
    using Hours = std::chrono::sys_time<std::chrono::hours>;
    using Wide = std::chrono::sys_time<std::chrono::duration<std::int64_t, std::ratio<86400 * 365>>>;
    const Time last = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1) - 1us;
    CHECK(written(last) == "9999-12-31T23:59:59.999999Z");
    CHECK(written(Time(std::chrono::sys_days(std::chrono::year(0) / 1 / 1))) == "0000-01-01T00:00:00Z");
    CHECK_THROWS_AS(written(last + 1us), Error);
    CHECK_THROWS_AS(written(Time(std::chrono::sys_days(std::chrono::year(0) / 1 / 1)) - 1us), Error);
    CHECK_THROWS_AS(written(std::chrono::sys_days(std::chrono::year(10000) / 1 / 1)), Error);
    CHECK_THROWS_AS(written(Hours::max()), Error);
    CHECK_THROWS_AS(written(Wide::min()), Error);

    const GuardingAgent agent;
    int runs = 0;
    auto tool = agent.kit.guard("free", {"at"}, [&](Time) { ++runs; });
    CHECK_THROWS_AS(tool(last + 1us), Error);
    CHECK(runs == 0);
    CHECK(agent.events().empty());
}

TEST_CASE("G2 a time that its type does not hold is refused") {
    Shop shop;
    using Nanoseconds = std::chrono::sys_time<std::chrono::nanoseconds>;
    CHECK_THAT(shop.answer<Nanoseconds>("2300-01-01T00:00:00Z"), ContainsSubstring("within what its tool can count"));
    CHECK_THAT(shop.answer<Nanoseconds>("1600-01-01T00:00:00Z"), ContainsSubstring("within what its tool can count"));
    CHECK_THAT(shop.answer<std::chrono::sys_time<std::chrono::duration<std::uint64_t>>>("1969-01-01T00:00:00Z"),
               ContainsSubstring("within what its tool can count"));
    CHECK_THAT(shop.answer<Time>("9999-12-31T23:59:59-01:00"), ContainsSubstring("expected a time with its zone"));
    CHECK_THAT(shop.answer<Time>("0000-01-01T00:00:00+01:00"), ContainsSubstring("expected a time with its zone"));
    CHECK(shop.runs == 0);
    CHECK(shop.answer<Nanoseconds>("2200-01-01T00:00:00Z") == "Done.");
    CHECK(shop.answer<Time>("9999-12-31T23:59:59Z") == "Done.");
}

TEST_CASE("G2 a duration that cannot be shown or counted is an answer to the model") {
    Shop shop;
    CHECK_THAT(shop.answer<std::chrono::seconds>("9223372036s"), ContainsSubstring("at most 290 years"));
    CHECK_THAT(shop.answer<std::chrono::nanoseconds>("-9200000000s1ns"), ContainsSubstring("at most 290 years"));
    CHECK_THAT((shop.answer<std::chrono::duration<std::uint64_t, std::nano>>("-1ns")),
               ContainsSubstring("expected a positive duration"));
    CHECK(shop.runs == 0);
    CHECK(shop.answer<std::chrono::seconds>("9200000000s") == "Done.");
    CHECK_NOTHROW(shop.answer<std::chrono::duration<float>>("9200000000s"));
}

TEST_CASE("What a class throws when it is written is an answer to the model") {
    Shop shop;
    Tools& tools = shop.tools;
    tools.add("keep", {"n"}, [&](std::optional<Coy>) { ++shop.runs; });
    const auto outcome = tools.call("keep", R"({"n": 13})");
    CHECK_FALSE(outcome.ran());
    CHECK(outcome.refusal().code == ErrorCode::invalid_arguments);
    CHECK_THAT(outcome.text_for_model(), ContainsSubstring("thirteen is unlucky"));
    CHECK(shop.runs == 0);
}

TEST_CASE("A tool whose result cannot be shown has run all the same") {
    Shop shop;
    shop.tools.add("make", {}, [&] {
        ++shop.runs;
        return Coy{13};
    });
    const auto outcome = shop.tools.call("make", "");
    CHECK(outcome.ran());
    CHECK(outcome.text_for_model() == "The tool ran; its result cannot be shown.");
    CHECK(shop.runs == 1);
    CHECK(shop.last_entry().decision == AuditEvent::executed);
}

TEST_CASE("G7 what is hidden stays out of the refusal of arguments that do not fit") {
    Shop shop;
    std::string text;
    SECTION("where a class quotes it") {
        text = shop.answer<Quoting>("hunter22-hunter22", "hidden");
    }
    SECTION("where it is a key") {
        text = shop.answer<std::map<std::string, int>>({{"hunter22-hunter22", "x"}}, "hidden");
    }
    SECTION("where it would change") {
        shop.tools.add("weigh", {"hidden"}, [](const std::vector<Coy>&) {});
        text = shop.tools.call("weigh", R"({"hidden": [1234.5]})").text_for_model();
    }
    CHECK_THAT(text, ContainsSubstring("not executed") && !ContainsSubstring("hunter22") && !ContainsSubstring("1234"));
    REQUIRE(shop.told->size() == 1);
    CHECK_THAT(shop.told->back().text, !ContainsSubstring("hunter22") && !ContainsSubstring("1234"));
}
