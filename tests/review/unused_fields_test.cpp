#include "approvekit/unused_fields.hpp"

#include "approvekit/approvekit.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace approvekit;

namespace {

Policy policy_that_hides(const std::vector<std::string>& fields) {
    PolicyRule rule;
    rule.tool = "transfer";
    rule.auto_approve = true;
    rule.redact_fields = fields;
    return Policy().add_rule(rule);
}

/// What is reported about `fields` for a record of one call with `arguments`.
std::vector<std::string> said_of(const std::vector<std::string>& fields, const Json& arguments) {
    const TemporaryDirectory directory;
    const auto storage = std::make_shared<SqliteStorage>(directory / "record.db");
    const ApproveKit kit(policy_that_hides({"iban"}), storage);
    if (!arguments.is_null()) kit.guard("transfer", [](const Json&) {})(arguments);
    std::vector<std::string> texts;
    for (const PolicyProblem& warning : find_unused_fields(policy_that_hides(fields), *storage, "p.yaml"))
        texts.push_back(warning.text());
    return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("H73 a field that no call on record ever had is warned of") {
    const Json arguments = {{"iban", "DE02-1203"}, {"to", {{{"Name", "ann"}}}}, {"raw", R"({"bic": "X"})"}};
    CHECK(said_of({"ibna"}, arguments) ==
          Texts{"p.yaml: rules[0].redact_fields: no call on record had a field \"ibna\"; did you mean \"iban\"?"});
    CHECK(said_of({"quantity"}, arguments) ==
          Texts{"p.yaml: rules[0].redact_fields: no call on record had a field \"quantity\""});
    CHECK(said_of({"IBAN", "to.name", "name", "bic", "raw.bic"}, arguments).empty());
    CHECK(said_of({"to.iban"}, arguments).size() == 1);
}

TEST_CASE("H73 a rule that no call on record fits is said to be untested") {
    CHECK(said_of({"iban"}, nullptr) ==
          Texts{"p.yaml: rules[0].redact_fields: the record has no call of this rule, so nothing can be said of these "
                "names"});
    CHECK(said_of({}, nullptr).empty());
}
