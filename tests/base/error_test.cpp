#include "approvekit/error.hpp"

#include "support/catch.hpp"

#include <string>
#include <type_traits>

using namespace approvekit;

TEST_CASE("each error code has a text that stays") {
    CHECK(to_string(ErrorCode::rejected) == "rejected");
    CHECK(to_string(ErrorCode::already_decided) == "already_decided");
    CHECK(to_string(ErrorCode::storage_read_only) == "storage_read_only");
    CHECK(to_string(ErrorCode::server) == "server");
}

TEST_CASE("no error code lacks its text") {
    for (int code = 0; code <= static_cast<int>(ErrorCode::server); ++code) {
        CAPTURE(code);
        CHECK(to_string(static_cast<ErrorCode>(code)) != "invalid");
    }
    CHECK(to_string(static_cast<ErrorCode>(1000)) == "invalid");
}

TEST_CASE("a rejection carries the reviewer's name and notes") {
    const ApprovalRejectedError error("send_email", "id-1", "ann", "not today");
    CHECK(std::string(error.what()) == "send_email was rejected by ann: not today (request id-1)");
    CHECK(error.code() == ErrorCode::rejected);
    CHECK(error.tool_name() == "send_email");
    CHECK(error.request_id() == "id-1");
    CHECK(error.reviewer() == "ann");
    CHECK(error.notes() == "not today");
}

TEST_CASE("a rejection without a name or notes reads well too") {
    CHECK(std::string(ApprovalRejectedError("send", "id-1", "", "").what()) == "send was rejected (request id-1)");
}

TEST_CASE("a timeout carries tool, reason and request id") {
    const ApprovalTimeoutError error("delete_user", "id-2", "no decision within 30 seconds");
    CHECK(std::string(error.what()) == "delete_user timed out: no decision within 30 seconds (request id-2)");
    CHECK(error.code() == ErrorCode::timeout);
}

TEST_CASE("each refusal names its tool and its code") {
    CHECK(ApprovalCancelledError("t", "id", "why").code() == ErrorCode::cancelled);
    CHECK(std::string(ApprovalCancelledError("t", "id", "the caller gave up waiting").what()) ==
          "t was cancelled: the caller gave up waiting (request id)");
    CHECK(PolicyDeniedError("t").code() == ErrorCode::denied);
    CHECK(std::string(PolicyDeniedError("t").what()) == "t is denied by the policy");
    CHECK(PolicyDeniedError("t").request_id().empty());
    CHECK(RequestAlteredError("t", "id").code() == ErrorCode::altered);
    CHECK(RequestAlteredError("t", "id").request_id() == "id");
    CHECK(UntrustedDecisionError("t", "id", "no signature").code() == ErrorCode::untrusted_decision);
    CHECK(std::string(UntrustedDecisionError("t", "id", "no signature").what()) ==
          "t was refused: its decision is not trusted: no signature (request id)");
}

TEST_CASE("refused arguments name the tool when it is known") {
    CHECK(std::string(ArgumentsRefusedError("too deep").what()) == "too deep");
    CHECK(std::string(ArgumentsRefusedError("too deep", "send").what()) == "send: too deep");
    CHECK(ArgumentsRefusedError("too deep").code() == ErrorCode::invalid_arguments);
}

TEST_CASE("everything that is thrown is an Error") {
    STATIC_REQUIRE(std::is_base_of_v<Error, RefusedError>);
    STATIC_REQUIRE(std::is_base_of_v<Error, DecisionError>);
    STATIC_REQUIRE(std::is_base_of_v<Error, StorageError>);
    STATIC_REQUIRE(std::is_base_of_v<Error, PolicyError>);
    CHECK(DecisionError(ErrorCode::expired, "too late").code() == ErrorCode::expired);
    CHECK(StorageError(ErrorCode::storage_full, "no room").code() == ErrorCode::storage_full);
}

TEST_CASE("a policy problem says where it is") {
    const PolicyProblem in_file{
        .file = "policy.yaml", .line = 3, .column = 5, .path = "rules[2].timeout", .message = "is not a number"};
    CHECK(in_file.text() == "policy.yaml:3:5: rules[2].timeout: is not a number");

    const PolicyProblem in_code{.file = "", .path = "rules[2].timeout", .message = "is not a number"};
    CHECK(in_code.text() == "rules[2].timeout: is not a number");

    const PolicyProblem whole_file{.file = "policy.yaml", .path = "", .message = "cannot be read"};
    CHECK(whole_file.text() == "policy.yaml: cannot be read");
}

TEST_CASE("a policy error lists every problem on a line of its own") {
    const PolicyError error({{.file = "", .path = "a", .message = "one"}, {.file = "", .path = "b", .message = "two"}});
    CHECK(std::string(error.what()) == "a: one\nb: two");
    CHECK(error.problems().size() == 2);
    CHECK(error.code() == ErrorCode::invalid_policy);
}

TEST_CASE("what a key stands in the way of names the tool, and how the earlier call ended") {
    const AlreadyRanError ran("pay", "id-1", "executed", "paid 5", true);
    CHECK(std::string(ran.what()) ==
          "pay ran before under the same idempotency key; that run ended as executed: paid 5 (request id-1)");
    CHECK(ran.code() == ErrorCode::already_ran);
    CHECK(ran.state() == "executed");
    CHECK(ran.note() == "paid 5");
    CHECK(KeyConflictError("pay", "id-1").code() == ErrorCode::key_conflict);
    CHECK(KeyInUseError("pay", "").code() == ErrorCode::key_in_use);
    CHECK(std::string(KeyInUseError("pay", "").what()).find("(request") == std::string::npos);
}
