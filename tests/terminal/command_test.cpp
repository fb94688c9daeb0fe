#include "terminal/command.hpp"

#include "support/catch.hpp"

using approvekit::terminal::Command;
using approvekit::terminal::parse_command;
using approvekit::terminal::Verb;

TEST_CASE("An empty line is a list, and so is one of blanks") {
    CHECK(parse_command("").verb == Verb::list);
    CHECK(parse_command("  \t\r").verb == Verb::list);
    CHECK(parse_command("list").verb == Verb::list);
}

TEST_CASE("A decision is taken apart into verb, id and notes") {
    const Command command = parse_command("  approve \t 3f2a91bc   looks  fine \r");
    CHECK(command.verb == Verb::approve);
    CHECK(command.id == "3f2a91bc");
    CHECK(command.notes == "looks  fine");
    CHECK(parse_command("reject 3f2a91bc").notes.empty());
    CHECK(parse_command("reject").id.empty());
}

TEST_CASE("There are three ways to leave") {
    for (const char* const line : {"quit", "q", "exit", " exit "})
        CHECK(parse_command(line).verb == Verb::quit);
}

TEST_CASE("What is not a command is told by the word that was typed") {
    const Command command = parse_command("aprove 3f2a91bc");
    CHECK(command.verb == Verb::unknown);
    CHECK(command.word == "aprove");
    CHECK(parse_command("APPROVE x").verb == Verb::unknown);
    CHECK(parse_command("approved x").verb == Verb::unknown);
}
