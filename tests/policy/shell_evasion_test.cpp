// Tricks that pass a test of a command in other programs, and what happens to them here.

#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"

#include "policy/draft.hpp"
#include "policy/judged.hpp"
#include "support/catch.hpp"

#include <string>

using namespace approvekit;
using approvekit::testing::truth_of_condition;
using approvekit::testing::truth_of_test;
using approvekit::testing::warnings_of;
using approvekit::testing::warnings_of_condition;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string shell = "{command: {programs_in: [git, ls], no_shell_syntax: true}}";

}  // namespace

TEST_CASE("H83 a second command behind an operator is no simple command") {
    for (const char* text : {"git status; rm -rf /", "git status && rm x", "git status || rm x", "git status & rm x",
                             "git log | sh", "git status;rm x", "git status&"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "unknown");
    }
}

TEST_CASE("H84 a second line is no simple command") {
    for (const char* text :
         {"git status\nrm x", "git status\r\nrm x", "git status\rrm x", "git status\n", "ls 'a\nb'"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "unknown");
    }
}

TEST_CASE("H85 a substitution is no simple command") {
    for (const char* text :
         {"git $(rm x)", "git `rm x`", "ls \"$(rm x)\"", "ls \"`rm x`\"", "ls <(rm x)", "$(echo git) status"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "unknown");
    }
}

TEST_CASE("H86 a parameter or an ANSI-C quote is no simple command") {
    for (const char* text : {"ls $HOME", "ls ${IFS}x", "git $'\\x72m'", "ls $\"a\"", "ls \"$HOME\"", "ls $1", "$0"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "unknown");
    }
}

TEST_CASE("H87 a redirection is no simple command") {
    for (const char* text :
         {"git log > /etc/passwd", "ls >x", "ls 2>&1", "ls < x", "git log >> x", "ls <<EOF", "ls &> x"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "unknown");
    }
}

TEST_CASE("H88 what a shell expands is no simple command") {
    for (const char* text :
         {"ls *", "ls ?", "ls [a]", "ls {a,b}", "ls ~root", "ls a~b", "git !!", "ls \"!!\"", "ls a=~"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "unknown");
    }
}

TEST_CASE("H89 an assignment before the program is no simple command") {
    for (const char* text : {"GIT_SSH_COMMAND=evil git fetch", "A=1", "PATH=. ls", "A=\"1\" ls"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "unknown");
    }
}

TEST_CASE("H90 a program that is given by its path is not the one of that name") {
    for (const char* text : {"/tmp/git status", "./ls", "../git x", "bin/git", "/bin/ls"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "unknown");
    }
}

TEST_CASE("H91 quotes and backslashes within a word are read as a shell reads them") {
    for (const char* text : {"g''it status", "gi\\t status", "\"git\" status", "'git' status", "g\"i\"t"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "true");
    }
}

TEST_CASE("H92 quotes and backslashes hide no other program") {
    for (const char* text : {"r''m -rf /", "r\\m x", "\"rm\" x", "'r'm"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "false");
    }
}

TEST_CASE("H93 a quote without an end is no simple command") {
    for (const char* text : {"git 'status", "git \"status", "git status\\", "git \"a\\"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "unknown");
    }
}

TEST_CASE("H94 a program that runs others is only that program") {
    for (const char* text : {"env git status", "sudo git status", "sh -c 'git status'", "xargs git", "nice git",
                             "command git", "eval git", "exec git"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "false");
    }
}

TEST_CASE("H95 a check warns of programs that run others") {
    CHECK_THAT(warnings_of_condition("{args.value: {command: {programs_in: [ls, env]}}}"),
               ContainsSubstring("runs whatever programs"));
    for (const std::string program : {"find", "sort", "printf", "test", "trap", "split", "python3.11", "perl5"}) {
        CAPTURE(program);
        CHECK_THAT(warnings_of_condition("{args.value: {command: {programs_in: [" + program + "]}}}"),
                   ContainsSubstring("runs whatever programs"));
    }
    CHECK(
        warnings_of_condition("{args.value: {command: {programs_in: [ls, cat, wc], no_shell_syntax: true}}}").empty());
}

TEST_CASE("H95 a check warns of a command that may be of any program, and of a list of programs that are not to run") {
    CHECK_THAT(warnings_of_condition("{args.value: {command: {no_shell_syntax: true}}}"),
               ContainsSubstring("any program passes"));
    const std::string unwanted = "{args.value: {command: {programs_in: [rm, sh]}}}";
    CHECK_THAT(warnings_of_condition("{not: " + unwanted + "}"), ContainsSubstring("env, nice and xargs run them too"));
    const std::string denied = "rules: [{tool: t, deny: never, when: " + unwanted + "}, {tool: t, ";
    CHECK_THAT(warnings_of(denied + "auto_approve: true}]"), ContainsSubstring("env, nice and xargs run them too"));
    CHECK(warnings_of(denied + "require_approval: true}]").empty());
}

TEST_CASE("H96 a reserved word or a group is no simple command") {
    for (const char* text :
         {"if git", "! git status", "{ git", "(git)", "while git", "time git", "[[ a", "function git"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "unknown");
    }
}

TEST_CASE("H97 a comment is no simple command") {
    for (const char* text : {"git # status", "#git", "git #"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "unknown");
    }
    CHECK(truth_of_test(shell, "git a#b") == "true");
}

TEST_CASE("H98 characters beyond ASCII outside quotes are no simple command") {
    for (const char* text : {"git\u00a0status", "git\u2003status", "gi\u200bt", "\uff47it", "git \u201cx\u201d"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "unknown");
    }
    CHECK(truth_of_test(shell, "git '\u00e9'") == "true");
}

TEST_CASE("H99 control characters are no simple command") {
    CHECK(truth_of_test(shell, std::string("git\0rm", 6)) == "unknown");
    for (const char* text : {"git \u001b[2J", "git \u007f", "git \u000b x"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "unknown");
    }
}

TEST_CASE("H100 an empty command is no simple command") {
    for (const char* text : {"", " ", "\t", "''", "'' git"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "unknown");
    }
}

TEST_CASE("H101 a program's name compares exactly") {
    for (const char* text : {"GIT status", "git.exe", "git-x", "gi", "gitt", "git\\ status"}) {
        CAPTURE(text);
        CHECK(truth_of_test(shell, text) == "false");
    }
}

TEST_CASE("H102 a list is no command") {
    CHECK(truth_of_test(shell, Json::array({"git", "status"})) == "unknown");
    CHECK(truth_of_test(shell, Json{{"cmd", "git"}}) == "unknown");
    CHECK(truth_of_test(shell, 1) == "unknown");
    CHECK(truth_of_test(shell, true) == "unknown");
}
