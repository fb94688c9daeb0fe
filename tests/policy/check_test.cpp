#include "approvekit/policy_check.hpp"

#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A check of a file that contains `text`.
struct Checked {
    explicit Checked(const std::string& text) {
        std::ofstream(path, std::ios::binary) << text;
        std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        check = check_policy(path);
    }

    [[nodiscard]] std::vector<std::string> effects() const {
        std::vector<std::string> texts;
        for (const RuleEffect& effect : check.effects)
            texts.push_back(effect.text);
        return texts;
    }

    /// "line:column: path: message" of each.
    [[nodiscard]] std::vector<std::string> warnings() const {
        std::vector<std::string> texts;
        for (PolicyProblem warning : check.warnings) {
            warning.file.clear();
            texts.push_back(warning.text());
        }
        return texts;
    }

    TemporaryDirectory directory;
    std::filesystem::path path = directory / "p.yaml";
    PolicyCheck check;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a check says in one sentence what each rule would do") {
    const Checked checked(R"(
default_timeout: 60
rules:
  - {tool: "*", require_approval: true, risk_level: medium}
  - {tool: send_email, require_approval: true, timeout: 45, risk_level: high, redact_fields: [body]}
  - {tool: read_record, auto_approve: true}
  - {tool: look_up, auto_approve: true, redact_fields: [ssn, email, "profile.phone"]}
)");
    CHECK(checked.check.usable());
    CHECK(checked.effects() == Texts{"send_email: held for approval for 45 s, risk high, hides body",
                                     "read_record: runs at once, risk low",
                                     "look_up: runs at once, risk low, hides ssn, email and profile.phone",
                                     "any other tool: held for approval for 60 s, risk medium"});
    CHECK(checked.warnings().empty());
    CHECK(checked.check.signing == "decisions need no signature");
}

TEST_CASE("a check says what becomes of tools without a rule") {
    CHECK(Checked("rules: []").effects() == Texts{"any other tool: held for approval for 300 s, risk medium"});
    CHECK(Checked("rules: []\nunmatched: allow").effects() == Texts{"any other tool: runs at once, risk medium"});
    CHECK(Checked("rules: []\nunmatched: deny").effects() == Texts{"any other tool: denied"});
}

TEST_CASE("a check says whose signature counts") {
    const std::string start = "rules: []\nreviewers:\n  - {name: ada, key: 'ed25519:";
    CHECK(Checked(start + "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='}\n").check.signing ==
          "decisions count only with the signature of ada");
    CHECK(Checked(start + "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='}\n"
                          "  - {name: grace, key: 'ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw='}\n")
              .check.signing == "decisions count only with the signature of one of ada and grace");
}

TEST_CASE("a check warns of what is legal and yet may not be meant") {
    CHECK(Checked("rules:\n- tool: '*'\n  auto_approve: true\n").warnings() ==
          Texts{"2:3: rules[0]: every tool that no other rule names runs at once, without a person"});
    CHECK(Checked("rules: []\nunmatched: allow\n").warnings() ==
          Texts{"2:12: unmatched: every tool without a rule runs at once, without a person"});
    CHECK(Checked("rules: [{tool: '*', require_approval: true}]\nunmatched: deny\n").warnings() ==
          Texts{"2:12: unmatched: has no effect beside a rule for \"*\""});
    CHECK(Checked("rules:\n- tool: a\n").warnings() ==
          Texts{"2:3: rules[0]: asks for no approval, so the tool runs at once; auto_approve: true says so"});
    CHECK(Checked("rules:\n- tool: a\n  require_approval: true\n- tool: A\n  require_approval: true\n").warnings() ==
          Texts{"4:3: rules[1]: differs from rules[0] only in case; they are two tools"});
    CHECK(
        Checked("rules:\n- tool: a\n  require_approval: true\n  redact_fields: [body, ssn, Body, ssn]\n").warnings() ==
        Texts{"4:30: rules[0].redact_fields: \"Body\" repeats \"body\"; names compare without case",
              "4:36: rules[0].redact_fields: \"ssn\" repeats \"ssn\"; names compare without case"});
}

TEST_CASE("a check warns of a rule that only observes and so lets its calls run without a limit") {
    const std::string limited = "- {tool: pay, auto_approve: true, limit: {calls: 1, per: 1h}}\n";
    const std::string observing = "- {tool: pay, require_approval: true, observe: true, when: {args.a: {equals: 1}}}\n";
    CHECK(Checked("rules:\n" + limited + observing).warnings() ==
          Texts{"3:3: rules[1]: only observes, and the calls that it matches run without the limit of rules[0]"});
    const std::string first =
        "- {tool: pay, auto_approve: true, when: {args.b: {equals: 1}}, limit: {calls: 1, per: 1h}}\n";
    CHECK(Checked("rules:\n" + first + observing).warnings().empty());
    CHECK(Checked("rules:\n" + observing + first).warnings().size() == 1);
    CHECK(Checked("rules:\n" + observing + "- {tool: buy, auto_approve: true, limit: {calls: 1, per: 1h}}\n")
              .warnings()
              .empty());
}

TEST_CASE("H81 two forms of one text are one tool, and one reviewer") {
    const Checked tools(
        "rules:\n- {tool: caf\u00e9, auto_approve: true}\n- {tool: cafe\u0301, require_approval: true}\n");
    CHECK_THAT(tools.check.text(),
               ContainsSubstring("rules[1].tool") && ContainsSubstring("has a rule already, rules[0]"));
    const Checked reviewers(
        "rules: []\nreviewers:\n"
        "- {name: ren\u00e9, key: 'ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='}\n"
        "- {name: rene\u0301, key: 'ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw='}\n");
    CHECK_THAT(reviewers.check.text(), ContainsSubstring("appears twice"));
    PolicyRule rule;
    rule.tool = "caf\u00e9";
    Policy policy;
    policy.add_rule(rule);
    rule.tool = "cafe\u0301";
    CHECK_THROWS_AS(policy.add_rule(rule), PolicyError);
}

TEST_CASE("H81 a check warns of names that look alike") {
    const auto warnings_of = [](const std::string& first, const std::string& second) {
        return Checked("rules:\n- {tool: '" + first + "', require_approval: true}\n- {tool: '" + second +
                       "', require_approval: true}\n")
            .check.text();
    };
    for (const char* twin : {"p\u0430y", "\u0440\u0430\u0443", "\u03c1ay", "p\uff41y", "PAY"}) {
        CAPTURE(twin);
        CHECK_THAT(warnings_of("pay", twin), ContainsSubstring("rules[1]") && ContainsSubstring("they are two tools"));
    }
    CHECK_THAT(warnings_of("tool1", "tooll"), ContainsSubstring("rules[1]: looks like rules[0]; they are two tools"));
    CHECK_THAT(warnings_of("a", "p\u0430y"), ContainsSubstring("mixes letters of several alphabets in one word"));
    for (const char* other :
         {"\u0438\u043c\u044f", "send_\u0438\u043c\u044f", "caf\u00e9", "\u9001\u4fe1mail", "gr\u00f6\u00dfe"}) {
        CAPTURE(other);
        CHECK_THAT(warnings_of("pay", other), !ContainsSubstring("warning"));
    }
    CHECK_THAT(Checked("rules: []\nreviewers:\n"
                       "- {name: ada, key: 'ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='}\n"
                       "- {name: \u0430d\u0430, key: 'ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw='}\n")
                   .check.text(),
               ContainsSubstring("reviewers[1]: looks like reviewers[0]; they are two reviewers"));
}

TEST_CASE("H81 a check warns of people and groups whose names look alike") {
    const auto warnings_of = [](const std::string& groups, const std::string& rest) {
        return Checked("groups: " + groups + "\nrules: [{tool: pay, require_approval: true, " + rest + "}]\n")
            .check.text();
    };
    CHECK_THAT(warnings_of("{finance: [ada, \u0430d\u0430]}", "reviewers: [finance]"),
               ContainsSubstring("groups.finance[1]: looks like groups.finance[0]; they are two reviewers"));
    CHECK_THAT(
        warnings_of("{finance: [ada], managers: [bob, Ada]}", "reviewers: [finance]"),
        ContainsSubstring("groups.managers[1]: differs from groups.finance[0] only in case; one person bears both"));
    CHECK_THAT(warnings_of("{finance: [ada], f1nance: [bob]}",
                           "reviewers: [finance], escalate: {after: 1m, to: [finance, ada, f1nance]}"),
               !ContainsSubstring("reviewers[0]") && !ContainsSubstring("to[0]") && !ContainsSubstring("to[1]"));
    CHECK_THAT(warnings_of("{finance: [ada1]}", "reviewers: [ada1], escalate: {after: 1m, to: [finance]}"),
               !ContainsSubstring("looks like"));
}

TEST_CASE("H73 a field that can name nothing is refused with what to write instead") {
    const auto problem_of = [](const std::string& field) {
        const Checked checked("rules:\n- {tool: a, auto_approve: true, redact_fields: ['" + field + "']}\n");
        return checked.check.problems.empty() ? "" : checked.check.problems.front().message;
    };
    CHECK(problem_of("*") == "\"*\" is a pattern, and patterns hide nothing; name each member that is to be hidden");
    CHECK(problem_of("items[0].x") ==
          "\"items[0].x\" holds a position, but a name covers all items of a list; write \"items.x\"");
    CHECK(problem_of("$.a") == "\"$.a\" starts like a JSON path, which is not supported; write \"a\"");
    CHECK(problem_of("/a/b") == "\"/a/b\" starts like a JSON pointer, which is not supported; write \"a.b\"");
    CHECK(problem_of("iban, bic") == "\"iban, bic\" holds a comma; write each name as an item of its own");
    CHECK(problem_of("a..b") == "\"a..b\" has a dot without a name beside it");
    CHECK(problem_of("$filter").empty());
    CHECK(problem_of("filter[name]").empty());
}

TEST_CASE("H73 a check takes fields for the same that redaction takes for the same") {
    CHECK(
        Checked("rules:\n- tool: a\n  auto_approve: true\n  redact_fields: [gr\u00f6\u00dfe, GR\u00d6SSE]\n")
            .warnings() ==
        Texts{"4:26: rules[0].redact_fields: \"GR\u00d6SSE\" repeats \"gr\u00f6\u00dfe\"; names compare without case"});
}

TEST_CASE("a check warns of a file that others may write to") {
    const Checked checked("rules: []\n");
    for (const auto mode : {std::filesystem::perms::group_write, std::filesystem::perms::others_write}) {
        std::filesystem::permissions(checked.path, std::filesystem::perms::owner_all | mode);
        const PolicyCheck check = check_policy(checked.path);
        REQUIRE(check.warnings.size() == 1);
        CHECK(check.warnings[0].text() == checked.path.string() + ": its mode lets others than its owner write to it");
    }
}

TEST_CASE("a check reports all problems and believes nothing of the rest") {
    const Checked checked("rules:\n- tool: a\n  timeout: 0\n- tool: 1\nunmatched: allow\n");
    CHECK_FALSE(checked.check.usable());
    CHECK(checked.check.problems.size() == 2);
    CHECK(checked.check.effects.empty());
    CHECK(checked.check.warnings.empty());
    CHECK(checked.check.signing.empty());
}

TEST_CASE("a file that cannot be read is a problem like another") {
    const PolicyCheck check = check_policy("no/such/policy.yaml");
    CHECK_FALSE(check.usable());
    CHECK(check.text() == "no/such/policy.yaml: cannot be read: No such file or directory\n");
}

TEST_CASE("the text of a check is for people") {
    const Checked good("rules: [{tool: a}]\n");
    CHECK(good.check.text() ==
          "a: runs at once, risk low\n"
          "any other tool: held for approval for 300 s, risk medium\n"
          "decisions need no signature\n"
          "warning: " +
              good.path.string() +
              ":1:9: rules[0]: asks for no approval, so the tool runs at once; auto_approve: true says so\n");

    const Checked bad("rules: [{tool: 1}]\n");
    CHECK(bad.check.text() ==
          bad.path.string() + ":1:16: rules[0].tool: expected a text in quotes, found the number 1\n");
}

TEST_CASE("the view of a check is for machines") {
    const Checked good("rules: [{tool: a}]\n");
    const Json view = to_json_view(good.check);
    CHECK(view["file"] == good.path.string());
    CHECK(view["usable"] == true);
    CHECK(view["problems"] == Json::array());
    CHECK(view["warnings"].size() == 1);
    CHECK(view["rules"][0] == Json{{"tool", "a"}, {"action", "allow"}, {"text", "a: runs at once, risk low"}});
    CHECK(view["rules"][1]["tool"] == "*");
    CHECK(view["rules"][1]["action"] == "hold");
    CHECK(view["signing"] == "decisions need no signature");

    const Checked bad("rules: [{tool: 1}]\n");
    CHECK(to_json_view(bad.check)["usable"] == false);
    CHECK(to_json_view(bad.check)["problems"][0] == Json{{"file", bad.path.string()},
                                                         {"line", 1},
                                                         {"column", 16},
                                                         {"path", "rules[0].tool"},
                                                         {"message", "expected a text in quotes, found the number 1"}});
}
