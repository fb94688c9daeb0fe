// A guarded call whose arguments a reviewer edited.
#include "approvekit/completion.hpp"
#include "approvekit/reviewer.hpp"
#include "approvekit/tools.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/forger.hpp"
#include "support/guarding_agent.hpp"
#include "support/temporary_directory.hpp"

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

Policy rules_of_post(const std::string& rules) {
    return Policy::from_yaml_text("rules:\n" + rules);
}

/// An agent whose mails a reviewer may change before they are sent.
struct Post : GuardingAgent {
    explicit Post(const std::string& rules =
                      "  - {tool: mail, require_approval: true, timeout: 30, redact_fields: [pin],\n"
                      "     allow_edit: [args.body, args.copies, args.pin]}\n")
        : posting(rules_of_post(rules), storage) {}

    ApprovalRequest edit(const std::string& id, const Json& edits, const std::string& name = "ada") const {
        return Reviewer(storage, name, "terminal").approve(id, {.notes = "shorter", .edits = edits});
    }
    [[nodiscard]] std::string note() const { return last_entry().reviewer_notes.value_or(""); }

    ApproveKit posting;
    std::shared_ptr<std::vector<std::string>> sent = std::make_shared<std::vector<std::string>>();

    /// Takes all parts of a mail, including the pin, and remembers them.
    [[nodiscard]] auto mail() const {
        return posting.guard("mail", {"body", "copies", "pin"},
                             [sent = sent](std::string body, int copies, const std::string& pin) {
                                 sent->push_back(body + "/" + std::to_string(copies) + "/" + pin);
                                 return sent->size();
                             });
    }
};

const Json shorter = {{"args.body", "Hi"}, {"args.copies", 2}};

}  // namespace

TEST_CASE("G16 a tool gets exactly the edited arguments, with hidden values in place, and the model is told") {
    const Post post;
    auto ticket = post.mail().submit("Dear Ana", 1, "4711");
    CHECK(post.edit(ticket.request_id(), shorter).edited.value().tool_args.at("pin") == "[REDACTED]");
    const auto outcome = ticket.attempt();
    REQUIRE(outcome);
    CHECK(*post.sent == std::vector<std::string>{"Hi/2/4711"});
    REQUIRE(outcome.edit());
    CHECK(outcome.edit()->reviewer == "ada");
    CHECK(outcome.edit()->edits == shorter);
    CHECK(
        outcome.text_for_model() ==
        "Before the call ran, the reviewer ada changed its arguments: args.body was set to \"Hi\", args.copies was set "
        "to 2. 1");
    CHECK(ticket.edit()->edits == shorter);
    CHECK(post.last_entry().decision == AuditEvent::executed);
    CHECK(post.storage->verify_audit().intact());
}

TEST_CASE("G16 an agent that asked to be told of events hears which arguments its reviewer changed") {
    const Post post;
    std::vector<std::string> told;
    ApproveKit::Options options;
    options.on_event = [&](const Event& event) { told.push_back(event.text); };
    const ApproveKit kit(rules_of_post("  - {tool: mail, require_approval: true, allow_edit: [args.body]}\n"),
                         post.storage, options);
    auto ticket = kit.guard("mail", {"body"}, [](const std::string&) {}).submit("Dear Ana");
    post.edit(ticket.request_id(), {{"args.body", "Hi"}});
    ticket.get();
    CHECK_THAT(told.at(1), StartsWith("mail was approved by ada, who changed args.body: shorter"));
}

TEST_CASE("G16 an approval that edits nothing tells of no edit") {
    const Post post;
    auto ticket = post.mail().submit("Dear Ana", 1, "4711");
    Reviewer(post.storage, "ada", "terminal").approve(ticket.request_id());
    const auto outcome = ticket.attempt();
    CHECK_FALSE(outcome.edit());
    CHECK(outcome.text_for_model() == "1");
    CHECK(*post.sent == std::vector<std::string>{"Dear Ana/1/4711"});
}

TEST_CASE("G16 what waits where it was called is edited like a ticket, of tools of every kind") {
    const Post post;
    const auto edit_next = [&post] {
        return std::jthread([&post] { post.edit(post.pending().id, {{"args.body", "Hi"}}); });
    };
    std::string got;
    const auto run_json = [&got](const Json& arguments) { return got = arguments.at("body").get<std::string>(); };
    {
        const std::jthread reviewer = edit_next();
        CHECK(post.mail()("Dear Ana", 1, "4711") == 1);
    }
    CHECK(post.sent->back() == "Hi/1/4711");
    {
        const std::jthread reviewer = edit_next();
        CHECK(post.posting.call("mail", R"({"body": "Dear Ana"})", run_json) == "Hi");
    }
    {
        const std::jthread reviewer = edit_next();
        const auto outcome = post.posting.try_call("mail", R"({"body": "Dear Ana"})", run_json);
        CHECK_THAT(outcome.text_for_model(),
                   StartsWith("Before the call ran, the reviewer ada changed") && EndsWith("Hi"));
    }
    {
        const std::jthread reviewer = edit_next();
        const auto outcome = post.posting.guard("mail", run_json).attempt({{"body", "Dear Ana"}});
        CHECK(*outcome == "Hi");
        CHECK(outcome.edit().value().reviewer == "ada");
    }
    {
        const std::jthread reviewer = edit_next();
        const auto stoppable = [](const Json& arguments, const std::stop_token&) {
            return arguments.at("body").get<std::string>();
        };
        CHECK(post.posting.call("mail", R"({"body": "Dear Ana"})", stoppable) == "Hi");
    }
    {
        const std::jthread reviewer = edit_next();
        const auto later = post.posting.guard(
            "mail", {"body"}, [](Completion<std::string> done, std::string body) { done.complete(std::move(body)); });
        CHECK(*later.attempt("Dear Ana") == "Hi");
    }
    CHECK(post.storage->verify_audit().intact());
}

TEST_CASE("G16 a registered tool gets the edited arguments as the types that it takes") {
    const Post post;
    Tools tools(post.posting);
    tools.add("mail", {"body", Parameter("copies").otherwise(1), Parameter("pin").otherwise("none")},
              [](const std::string& body, int copies, const std::string& pin) {
                  return body + "/" + std::to_string(copies) + "/" + pin;
              });
    ToolTicket ticket = tools.submit("mail", R"({"body": "Dear Ana", "pin": "4711"})");
    post.edit(ticket.request_id(), shorter);
    const Outcome<Json> outcome = ticket.attempt();
    CHECK(outcome.value() == "Hi/2/4711");
    CHECK_THAT(outcome.text_for_model(), StartsWith("Before the call ran, the reviewer ada changed its arguments"));
}

TEST_CASE("G16 an edit that the tool's types do not take starts nothing, and the record says so") {
    const Post post;
    for (const char* const copies : {"2.5", "99999999999"}) {
        CAPTURE(copies);
        auto ticket = post.mail().submit("Dear Ana", 1, "4711");
        post.edit(ticket.request_id(), {{"args.copies", Json::parse(copies)}});
        const auto outcome = ticket.attempt();
        REQUIRE_FALSE(outcome);
        CHECK(outcome.refusal().code == ErrorCode::altered);
        CHECK_THAT(outcome.refusal().message,
                   ContainsSubstring("the arguments that a reviewer edited do not fit: copies: "));
        CHECK_FALSE(outcome.edit());
        CHECK(post.last_entry().decision == AuditEvent::refused);
        CHECK_THAT(post.note(), StartsWith("altered: the arguments that a reviewer edited do not fit: copies: "));
    }
    CHECK(post.sent->empty());
    CHECK(post.storage->verify_audit().intact());
}

TEST_CASE("G7 G16 an edit that puts in what the policy hides starts nothing") {
    const Post post;
    auto ticket = post.mail().submit("Dear Ana", 1, "4711-secret");
    CHECK(error_code_of([&] { post.edit(ticket.request_id(), {{"args.pin", "0"}}); }) == ErrorCode::invalid_edit);
    post.edit(ticket.request_id(), {{"args.body", "it is 4711-secret"}});
    CHECK(ticket.attempt().refusal().code == ErrorCode::altered);
    CHECK_THAT(post.note(), ContainsSubstring("they contain a value that the policy hides"));
    CHECK(post.sent->empty());
}

TEST_CASE("G16 the policy judges the edited call: one that it denies does not run") {
    const Post post(
        "  - {tool: pay, require_approval: true, allow_edit: [args.amount], when: {args.amount: {lte: 100}}}\n"
        "  - {tool: pay, deny: \"too much\", when: {args.amount: {gt: 1000}}}\n"
        "  - {tool: pay, require_approval: true, reviewers: [cy]}\n");
    int paid = 0;
    const auto pay = post.posting.guard("pay", {"amount"}, [&paid](int amount) { paid += amount; });
    auto dear = pay.submit(7);
    post.edit(dear.request_id(), {{"args.amount", 5000}});
    CHECK_THROWS_WITH(dear.get(), ContainsSubstring("with the arguments that ada edited: too much"));
    CHECK_THAT(post.note(), ContainsSubstring("too much"));
    auto others = pay.submit(7);
    post.edit(others.request_id(), {{"args.amount", 500}});
    CHECK_THROWS_WITH(others.get(),
                      ContainsSubstring("with them, another rule applies than the one that it was reviewed under"));
    CHECK(paid == 0);
    auto cheaper = pay.submit(7);
    post.edit(cheaper.request_id(), {{"args.amount", 6}});
    cheaper.get();
    CHECK(paid == 6);
    CHECK(post.storage->verify_audit().intact());
}

TEST_CASE("G16 a limit counts what an edited call takes as it was edited, by the value that it was edited to") {
    const Post post(
        "  - {tool: pay, require_approval: true, allow_edit: [args.amount, args.to],\n"
        "     limit: {sum: args.amount, max: 100, per: 1h, by: args.to, beyond: deny}}\n");
    int paid = 0;
    const auto pay = post.posting.guard("pay", {"amount", "to"}, [&paid](int amount, std::string) { paid += amount; });
    const auto edited = [&](int amount, const char* to, const Json& edits) {
        auto ticket = pay.submit(amount, to);
        post.edit(ticket.request_id(), edits);
        return ticket.attempt();
    };
    CHECK(edited(90, "ana", {{"args.amount", 40}}));
    AuditQuery from_the_first;
    from_the_first.oldest_first = true;
    const Json told = post.storage->audit(from_the_first).entries.at(0).metadata.at("limit");
    CHECK(told.at("millionths") == 40'000'000);
    CHECK_FALSE(told.contains("share"));
    CHECK(edited(100, "eve", {{"args.to", "ana"}, {"args.amount", 60}}));
    CHECK(edited(1, "ana", {{"args.amount", 2}}).refusal().code == ErrorCode::limit_reached);
    CHECK(edited(1, "ana", {{"args.to", "eve"}}));
    CHECK(edited(1, "bob", {{"args.amount", 101}}).refusal().code == ErrorCode::limit_reached);
    CHECK(edited(1, "bob", {{"args.amount", -1}}).refusal().code == ErrorCode::limit_reached);
    CHECK(paid == 101);
    CHECK(post.storage->verify_audit().intact());
}

TEST_CASE("G16 an edited call does not come under a limit that its reviewers did not know of") {
    const std::string beyond = GENERATE("hold", "deny");
    const Post post(
        "  - {tool: pay, require_approval: true, allow_edit: [args.amount], when: {args.amount: {gt: 10}}}\n"
        "  - {tool: pay, auto_approve: true, limit: {calls: 5, per: 1h, beyond: " +
        beyond + "}}\n");
    const auto pay = post.posting.guard("pay", {"amount"}, [](int) {});
    auto ticket = pay.submit(11);
    post.edit(ticket.request_id(), {{"args.amount", 10}});
    CHECK_THROWS_WITH(ticket.get(), ContainsSubstring("with them, a limit applies that its reviewers did not know of"));
}

TEST_CASE("G16 a limit of a wider rule that held the call counts what was edited") {
    const Post post(
        "  - {tool: pay_vendor, auto_approve: true, when: {args.amount: {lt: 10}}}\n"
        "  - {tool: pay_*, require_approval: true, allow_edit: [args.amount], "
        "limit: {sum: args.amount, max: 45, per: 1h, beyond: deny}}\n");
    int paid = 0;
    const auto pay = post.posting.guard("pay_vendor", {"amount"}, [&](int amount) { paid = amount; });
    auto ticket = pay.submit(44);
    post.edit(ticket.request_id(), {{"args.amount", 40}});
    ticket.get();
    CHECK(paid == 40);
    auto beyond = pay.submit(44);
    post.edit(beyond.request_id(), {{"args.amount", 6}});
    CHECK(beyond.attempt().refusal().code == ErrorCode::limit_reached);
}

TEST_CASE("G16 a policy that came into force since judges what was edited") {
    const Post post("  - {tool: pay, require_approval: true, allow_edit: [args.amount]}\n");
    int paid = 0;
    const auto pay = post.posting.guard("pay", {"amount"}, [&paid](int amount) { paid += amount; });
    auto ticket = pay.submit(7);
    PendingCall call = post.posting.submit("pay", {{"amount", 7}});
    post.posting.reload(
        rules_of_post("  - {tool: pay, deny: \"not so much\", when: {args.amount: {gt: 10}}}\n"
                      "  - {tool: pay, require_approval: true}\n"));
    post.edit(ticket.request_id(), {{"args.amount", 11}});
    CHECK_THROWS_AS(ticket.get(), PolicyDeniedError);
    CHECK(paid == 0);
    post.edit(call.request_id(), {{"args.amount", 11}});
    CHECK_THROWS_AS(call.wait(), PolicyDeniedError);
    CHECK(post.storage->find(call.request_id())->run == RunState::none);
}

TEST_CASE("G16 an edit that makes the arguments larger than the agent takes starts nothing") {
    const Post post;
    ApproveKit::Options options;
    options.argument_limits.bytes = 100;
    const ApproveKit kit(rules_of_post("  - {tool: mail, require_approval: true, allow_edit: [args.body]}\n"),
                         post.storage, options);
    PendingCall call = kit.submit("mail", {{"body", "Dear Ana"}});
    post.edit(call.request_id(), {{"args.body", std::string(100, 'x')}});
    CHECK_THROWS_WITH(call.wait(), ContainsSubstring("cannot run: this agent does not accept them"));
}

TEST_CASE("G16 a long value that a reviewer put in is cut in what the model is told, which gets it from the tool") {
    const CallEdit edit{"ada", {{"args.body", std::string(10'000, 'x')}}};
    CHECK(edit.text_for_model().size() < 2'500);
}

TEST_CASE("G16 the model is told of an edit also where nobody knows how the edited call ended") {
    const Post post;
    Tools tools(post.posting);
    tools.add("mail", {"body"}, [](const std::string&) -> int { throw OutcomeUnknownError("sent, never confirmed"); });
    ToolTicket ticket = tools.submit("mail", R"({"body": "Dear Ana"})");
    post.edit(ticket.request_id(), {{"args.body", "Hi"}});
    CHECK_THAT(ticket.attempt().text_for_model(),
               StartsWith("Before the call ran, the reviewer ada changed its arguments: args.body was set to"));
}

TEST_CASE("G2 G16 whoever starts an edited call by hand starts it with the edited arguments, and with no others") {
    const Post post;
    const Json asked = {{"body", "Dear Ana"}, {"pin", "4711"}};
    const auto admitted = [&] {
        PendingCall call = post.posting.submit("mail", asked);
        post.edit(call.request_id(), {{"args.body", "Hi"}});
        return call.wait();
    };
    Permit with_edit = admitted();
    CHECK(*with_edit.edited_arguments() == Json{{"body", "Hi"}, {"pin", "4711"}});
    with_edit.start(*with_edit.edited_arguments());
    with_edit.executed();
    CHECK(with_edit.edited_arguments() == nullptr);
    Permit without = admitted();
    CHECK_THROWS_WITH(without.start(asked), ContainsSubstring("its tool reads the edited arguments differently"));
    CHECK(post.last_entry().decision == AuditEvent::refused);
}

TEST_CASE("G14 G16 a signature covers the edit, and an edit of an edit is refused") {
    const TemporaryDirectory directory;
    const ReviewerKey ada = ReviewerKey::generate("ada");
    const auto storage = std::make_shared<SqliteStorage>(directory / "agent.db", shared_with_others());
    PolicyRule rule = GuardingAgent::rule("pay", true);
    rule.allow_edit = {"args.amount"};
    const ApproveKit kit(Policy().set_reviewers({{"ada", ada.public_key()}}).add_rule(rule), storage);
    const approvekit::testing::Forger forger(directory / "agent.db");
    int paid = 0;
    const auto pay = kit.guard("pay", {"amount"}, [&paid](int amount) { paid += amount; });
    const auto edited = [&] {
        auto ticket = pay.submit(7);
        Reviewer reviewer(storage, "ada", "terminal");
        reviewer.sign_with(std::make_shared<ReviewerKey>(ada));
        const ApprovalRequest seen = reviewer.find(ticket.request_id());
        static_cast<void>(reviewer.approve(seen.id, {.seen = seen.view_digest, .edits = {{"args.amount", 5}}}));
        return ticket;
    };
    auto honest = edited();
    honest.get();
    CHECK(paid == 5);
    CHECK(storage->verify_audit().intact());
    auto raised = edited();
    forger.run(
        "UPDATE audit_log SET metadata = replace(metadata, '\"args.amount\":5', '\"args.amount\":9000') WHERE decision "
        "= 'approved' AND "
        "request_id = ?",
        {raised.request_id()});
    CHECK_THROWS_WITH(raised.get(),
                      ContainsSubstring("edit changed: ada approved other arguments than the record says"));
    auto forgotten = edited();
    forger.run("UPDATE audit_log SET metadata = '{}' WHERE decision = 'approved' AND request_id = ?",
               {forgotten.request_id()});
    CHECK_THROWS_WITH(forgotten.get(), ContainsSubstring("edit changed: "));
    CHECK(paid == 5);
    CHECK_FALSE(storage->verify_audit().intact());
}

TEST_CASE("G16 a call with a key that is asked again runs as it was edited") {
    const Post post("  - {tool: pay, require_approval: true, allow_edit: [args.amount]}\n");
    int paid = 0;
    const auto pay = [&](const ApproveKit& kit) {
        return kit.with(Call{.idempotency_key = "rent"}).guard("pay", {"amount"}, [&paid](int amount) {
            paid += amount;
        });
    };
    std::string id;
    {
        const auto left = pay(post.posting).submit(7);
        id = left.request_id();
    }
    post.edit(id, {{"args.amount", 6}});
    auto again = pay(post.posting).submit(7);
    CHECK(again.request_id() == id);
    again.get();
    CHECK(paid == 6);
    CHECK_THROWS_AS(pay(post.posting)(7), AlreadyRanError);
    CHECK_THAT(pay(post.posting).attempt(7).text_for_model(),
               ContainsSubstring("the reviewer ada changed its arguments: args.amount was set to 6."));
}
