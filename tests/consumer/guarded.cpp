// An agent of another project: one call is held and approved, one is refused, both are on record.

#include <approvekit/approvekit.hpp>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

namespace {

bool holds_until_approved(const approvekit::ApproveKit& kit) {
    const auto greet = kit.guard("greet", {"name"}, [](const std::string& name) { return "Hello, " + name; });

    auto approved = greet.submit("Ada");
    kit.approve(approved.request_id(), {.notes = "polite enough"});
    auto rejected = greet.submit("Mallory");
    kit.reject(rejected.request_id(), {.notes = "not today"});

    const auto refused = rejected.attempt();
    return approved.get() == "Hello, Ada" && !refused;
}

}  // namespace

int main(int, char** arguments) {
    const std::filesystem::path database = std::string(arguments[0]) + ".db";
    std::filesystem::remove(database);
    const auto policy = approvekit::Policy::from_yaml_text(
        "rules:\n"
        "  - tool: greet\n"
        "    require_approval: true\n");
    const auto storage = std::make_shared<approvekit::SqliteStorage>(database);
    if (!holds_until_approved(approvekit::ApproveKit(policy, storage))) return EXIT_FAILURE;

    storage->flush();
    const auto report = storage->verify_audit();
    std::cout << report.entries << " entries on record\n";
    return report.fault ? EXIT_FAILURE : EXIT_SUCCESS;
}
