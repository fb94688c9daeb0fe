// A policy that follows a file.
#include "approvekit/policy_file.hpp"

#include "agent/policy_file.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/forked_child.hpp"
#include "support/guarding_agent.hpp"
#include "support/manual_clock.hpp"

#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

using namespace approvekit;
using approvekit::testing::ManualClock;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr const char* allowing = "rules:\n  - {tool: free, auto_approve: true}\n";
constexpr const char* denying =
    "rules:\n  - {tool: free, auto_approve: true}\n  - {tool: free, deny: too many, when: "
    "{args.n: {gt: 1}}}\n";

void write_policy(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

/// A kit whose policy comes from a file, which is checked all the time.
struct FollowingAgent : GuardingAgent {
    std::filesystem::path file = directory / "policy.yaml";
    mutable std::mutex mutex;
    std::vector<Event> told;
    ApproveKit following{Policy(), storage, options()};
    std::optional<PolicyFile> followed;

    FollowingAgent() {
        write_policy(file, allowing);
        followed.emplace(file, following, PolicyFile::Options{.interval = std::chrono::milliseconds(2)});
    }
    ApproveKit::Options options() {
        ApproveKit::Options options;
        options.on_event = [this](const Event& event) {
            const std::lock_guard lock(mutex);
            told.push_back(event);
        };
        return options;
    }
    [[nodiscard]] std::vector<std::string> refusals() const {
        const std::lock_guard lock(mutex);
        std::vector<std::string> texts;
        for (const Event& event : told)
            if (event.kind == Event::Kind::policy_refused) texts.push_back(event.text);
        return texts;
    }
    [[nodiscard]] bool has_rules(std::size_t count) const {
        return eventually([&] { return following.policy().rules().size() == count; });
    }
    /// Whether the file was refused for a reason that contains `words`, and the policy with one rule stays.
    [[nodiscard]] bool refuses(const std::string& words) const {
        const bool is_told = eventually([&] {
            const auto texts = refusals();
            return !texts.empty() && texts.back().find(words) != std::string::npos;
        });
        return is_told && followed->problem().find(words) != std::string::npos &&
               following.policy().rules().size() == 1;
    }
};

struct Looks {
    TemporaryDirectory directory;
    std::filesystem::path path = directory / "policy.yaml";
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    detail::WatchedPolicy watched = started();

    detail::WatchedPolicy started() {
        write_policy(path, allowing);
        return {path, clock};
    }
    /// The number of rules of the policy that a look returns; nothing if there is no news, 0 for a bad file.
    std::optional<std::size_t> look() {
        const auto news = watched.look();
        if (const auto* const policy = std::get_if<Policy>(&news)) return policy->rules().size();
        return std::holds_alternative<PolicyError>(news) ? std::optional<std::size_t>(0) : std::nullopt;
    }
};

}  // namespace

TEST_CASE("A policy file is in force at once, and its changes too") {
    FollowingAgent agent;
    CHECK(agent.following.policy().rules().size() == 1);
    SECTION("written") {
        write_policy(agent.file, denying);
    }
    SECTION("put in its place") {
        write_policy(agent.directory / "next.yaml", denying);
        std::filesystem::rename(agent.directory / "next.yaml", agent.file);
    }
    SECTION("behind a link") {
        write_policy(agent.directory / "next.yaml", denying);
        std::filesystem::remove(agent.file);
        std::filesystem::create_symlink("next.yaml", agent.file);
    }
    CHECK(agent.has_rules(2));
    CHECK(agent.followed->problem().empty());
    CHECK_THROWS_AS(agent.following.admit("free", {{"n", 2}}), PolicyDeniedError);
    agent.followed.reset();
    write_policy(agent.file, allowing);
    CHECK(agent.following.policy().rules().size() == 2);
}

TEST_CASE("G12 a file that is no policy is refused and told once, and the policy before it stays") {
    FollowingAgent agent;
    SECTION("a rule that is not understood") {
        write_policy(agent.file, "rules:\n  - {tool: free, auto_aprove: true}\n");
        CHECK(agent.refuses("policy.yaml:2:18: rules[0].auto_aprove: unknown key"));
        write_policy(agent.file, "rules:\n  - {tool: free, auto_aprove: true}\n");
    }
    SECTION("empty") {
        write_policy(agent.file, "");
        CHECK(agent.refuses("there is nothing in it"));
    }
    SECTION("gone") {
        std::filesystem::remove(agent.file);
        CHECK(agent.refuses("cannot be read"));
    }
    SECTION("another thing") {
        std::filesystem::remove(agent.file);
        std::filesystem::create_directory(agent.file);
        CHECK(agent.refuses("is not a regular file"));
        std::filesystem::remove(agent.file);
    }
    const std::size_t told = agent.refusals().size();
    CHECK(told >= 1);
    write_policy(agent.file, denying);
    CHECK(agent.has_rules(2));
    CHECK(eventually([&] { return agent.followed->problem().empty(); }));
}

TEST_CASE("A policy file that has its old content again is in order again") {
    FollowingAgent agent;
    write_policy(agent.file, "rules: 1\n");
    CHECK(agent.refuses("rules"));
    write_policy(agent.file, allowing);
    CHECK(eventually([&] { return agent.followed->problem().empty(); }));
    CHECK(agent.refusals().size() == 1);
}

TEST_CASE("G12 a policy file is not taken while it is being written") {
    Looks looks;
    CHECK(looks.watched.read().rules().size() == 1);
    CHECK(looks.look() == std::nullopt);
    CHECK(looks.look() == std::nullopt);
    const std::string whole = denying;
    const std::string half = whole.substr(0, whole.find("  - {tool: free, deny"));
    const std::string other = half + "  - {tool: other, auto_approve: true}\n";
    write_policy(looks.path, other);
    CHECK(looks.look() == std::nullopt);
    write_policy(looks.path, whole);
    CHECK(looks.look() == std::nullopt);
    CHECK(looks.look() == 2);
    CHECK(looks.look() == 2);
    looks.watched.settle();
    CHECK(looks.look() == std::nullopt);
}

TEST_CASE("A bad policy file is news once") {
    Looks looks;
    static_cast<void>(looks.watched.read());
    write_policy(looks.path, "");
    CHECK(looks.look() == std::nullopt);
    CHECK(looks.look() == 0);
    looks.watched.settle();
    CHECK(looks.look() == std::nullopt);
    looks.clock->advance(std::chrono::seconds(3));
    CHECK(looks.look() == std::nullopt);
    CHECK(looks.look() == std::nullopt);
    std::filesystem::remove(looks.path);
    CHECK(looks.look() == std::nullopt);
    CHECK(looks.look() == 0);
    looks.watched.settle();
    write_policy(looks.path, allowing);
    CHECK(looks.look() == std::nullopt);
    CHECK(looks.look() == 1);
}

TEST_CASE("A policy file that could not be opened is taken once it can, though nothing of it has changed since") {
    Looks looks;
    static_cast<void>(looks.watched.read());
    ::rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    write_policy(looks.path, denying);
    const ::rlimit none{.rlim_cur = 0, .rlim_max = limit.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
    const auto first = looks.look();
    const auto second = looks.look();
    looks.watched.settle();
    looks.clock->advance(std::chrono::seconds(3));
    const auto third = looks.look();
    const auto fourth = looks.look();
    ::setrlimit(RLIMIT_NOFILE, &limit);
    CHECK(first == std::nullopt);
    CHECK(second == 0);
    CHECK(third == std::nullopt);
    CHECK(fourth == std::nullopt);
    CHECK(looks.look() == std::nullopt);
    CHECK(looks.look() == 2);
}

TEST_CASE("A policy file with an older time, of the same size, is read all the same") {
    Looks looks;
    static_cast<void>(looks.watched.read());
    const auto time = std::filesystem::last_write_time(looks.path);
    for (int look = 0; look < 4; ++look) {
        CHECK(looks.look() == std::nullopt);
        looks.clock->advance(std::chrono::seconds(3));
    }
    std::string other = allowing;
    other.replace(other.find("free"), 4, "fref");
    write_policy(looks.path, other);
    std::filesystem::last_write_time(looks.path, time);
    CHECK(looks.look() == std::nullopt);
    CHECK(looks.look() == 1);
}

TEST_CASE("A policy file is not followed where it, its interval or its clock is none") {
    const GuardingAgent agent;
    const auto bad = agent.directory / "policy.yaml";
    write_policy(bad, "rules: 1\n");
    CHECK_THROWS_AS(PolicyFile(bad, agent.kit), PolicyError);
    CHECK_THROWS_AS(PolicyFile(agent.directory / "none.yaml", agent.kit), PolicyError);
    CHECK(agent.kit.policy().rules().size() == 2);
    write_policy(bad, allowing);
    PolicyFile::Options options;
    options.interval = std::chrono::milliseconds(0);
    CHECK(error_code_of([&] { PolicyFile(bad, agent.kit, options); }) == ErrorCode::invalid_option);
    options.interval = std::chrono::hours(2);
    CHECK(error_code_of([&] { PolicyFile(bad, agent.kit, options); }) == ErrorCode::invalid_option);
    options = {.interval = std::chrono::seconds(1), .clock = nullptr};
    CHECK(error_code_of([&] { PolicyFile(bad, agent.kit, options); }) == ErrorCode::invalid_option);
    CHECK(agent.kit.policy().rules().size() == 2);
}

TEST_CASE("A policy file can be let go by a listener that is told of it, and in a forked child") {
    FollowingAgent agent;
    SECTION("on its thread") {
        std::atomic<bool> is_gone = false;
        ApproveKit::Options options;
        std::optional<PolicyFile> followed;
        std::atomic<bool> is_set = false;
        options.on_event = [&](const Event&) {
            if (!is_set) return;
            followed.reset();
            is_gone = true;
        };
        const ApproveKit kit(Policy(), agent.storage, options);
        followed.emplace(agent.file, kit, PolicyFile::Options{.interval = std::chrono::milliseconds(2)});
        is_set = true;
        write_policy(agent.file, denying);
        CHECK(eventually([&] { return is_gone.load(); }));
        CHECK(kit.policy().rules().size() == 2);
    }
    SECTION("in a child") {
        ForkedChild child([&](auto& report) {
            agent.followed.reset();
            report(1);
        });
        CHECK(child.reported() == 1);
    }
}
