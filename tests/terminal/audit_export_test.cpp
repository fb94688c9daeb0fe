#include "terminal/pages.hpp"

#include "support/catch.hpp"
#include "text/escape.hpp"

using approvekit::AuditEntry;
using approvekit::AuditEvent;
using approvekit::terminal::csv_header;
using approvekit::terminal::csv_row;
using approvekit::text::csv_cell;

TEST_CASE("A cell is quoted and its quotes are doubled") {
    CHECK(csv_cell("plain") == "\"plain\"");
    CHECK(csv_cell("") == "\"\"");
    CHECK(csv_cell("say \"hi\", twice") == "\"say \"\"hi\"\", twice\"");
}

TEST_CASE("A cell that a spreadsheet would take for a formula gets an apostrophe") {
    CHECK(csv_cell("=1+1") == "\"'=1+1\"");
    CHECK(csv_cell("+1") == "\"'+1\"");
    CHECK(csv_cell("-1") == "\"'-1\"");
    CHECK(csv_cell("@SUM(A1)") == "\"'@SUM(A1)\"");
    CHECK(csv_cell("\t=1") == "\"'\\t=1\"");
    CHECK(csv_cell("\r=1") == "\"'\\r=1\"");
    CHECK(csv_cell("\n=1") == "\"'\\n=1\"");
    CHECK(csv_cell("\uff1d1") == "\"'\uff1d1\"");
    CHECK(csv_cell("a=1") == "\"a=1\"");
}

TEST_CASE("H17 a cell holds no control characters, and never breaks its line") {
    CHECK(csv_cell("a\r\nb\x1b[2J\u202e") == "\"a\\r\\nb\\x1b[2J\\u202e\"");
}

TEST_CASE("A row has the arguments in the order of their author") {
    AuditEntry entry;
    entry.tool_args = {{"to", "ann"}, {"body", 1}, {"cc", nullptr}};
    entry.metadata["argument_order"] = {"to", "cc"};
    CHECK(csv_row(entry).find("\"{\"\"to\"\":\"\"ann\"\",\"\"cc\"\":null,\"\"body\"\":1}\"") != std::string::npos);
}

TEST_CASE("An entry is a row with as many cells as the header") {
    AuditEntry entry;
    entry.id = "e1";
    entry.request_id = "r1";
    entry.tool_name = "=cmd()";
    entry.tool_args = {{"body", "\u202e"}};
    entry.decision = AuditEvent::approved;
    entry.reviewer = "ann";
    entry.way = "web";
    entry.reviewer_notes = "-2";
    entry.session = 3;
    entry.sequence = 7;
    entry.view = "cd";
    entry.hash = "abc";
    CHECK(csv_header() ==
          "\"sequence\",\"timestamp\",\"decision\",\"tool_name\",\"tool_args\",\"request_id\",\"reviewer\",\"way\","
          "\"reviewer_notes\",\"metadata\",\"follows\",\"signed\",\"view\",\"hash\",\"id\",\"session\"\r\n");
    CHECK(csv_row(entry) ==
          "\"7\",\"1970-01-01T00:00:00.000000\",\"approved\",\"'=cmd()\",\"{\"\"body\"\":\"\"\\\\u202e\"\"}\",\"r1\","
          "\"ann\",\"web\",\"'-2\",\"{}\",\"\",\"false\",\"cd\",\"abc\",\"e1\",\"3\"\r\n");
}
