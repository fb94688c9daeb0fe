"""Text from others is only text, whatever it says."""

from browser_case import BrowserCase
from waiting import wait_until

IMAGE = '<img src=x onerror="window.broken=1">'
SCRIPT = "</script><script>window.broken=1</script>"
CLOSING = "</p></h3></dl></div></article></li></ol></section></main></body></html>"
STYLE = "</style><style>*{display:none!important}</style>"
MARKUP = [IMAGE, SCRIPT, CLOSING, STYLE, "<template><slot>", "<!--", "]]>", "&lt;b&gt;&amp;", "javascript:window.broken=1"]
BIDI = "invoice\u202efdp.exe\u2066\u200b"


class Hostile(BrowserCase):
    def plant_everywhere(self, text):
        """Adds a request and an audit entry with that text in each field that another program can fill."""
        self.record.plant_audit(text, {text: text}, notes=text, request_id=text)
        return self.record.plant_request(text, {text: text, "list": [text], "inner": {text: {text: text}}},
                                         risk_level=text, **{text: text})

    def page_with(self, text):
        self.plant_everywhere(text)
        page = self.open_page()
        [card] = page.wait_for_cards(1)
        page.run("document.querySelectorAll('details').forEach(one => one.open = true)")
        return page, card

    def assert_nothing_ran(self, page):
        self.assertIsNone(page.run("return window.broken ?? null"))
        self.assertEqual(page.find_all("main img, main script, main style, main template"), [])
        self.assertEqual(self.chromium.console(), [])

    def test_H1_markup_in_every_field_is_shown_as_text_and_nothing_runs(self):
        bystander = self.record.plant_request("bystander")
        for text in MARKUP:
            with self.subTest(text=text):
                request_id = self.plant_everywhere(text)
                page = self.open_page()
                card = page.wait_for_card(text)
                self.assertEqual(card.text("risk"), f"{text} risk")
                self.assertEqual(card.text("view").count(text), 6)
                self.assert_nothing_ran(page)
                self.server.decide(request_id, "reject", text)
                wait_until(lambda: card.text("outcome-note") == text, "the note as text")
                page.wait_for_entry("rejected", text)
                self.assert_nothing_ran(page)
        self.assertEqual(self.record.status(bystander), "pending")

    def test_H1_an_id_full_of_markup_and_slashes_is_decided_like_any_other(self):
        request_id = f"../../{IMAGE}?x=1#%2e\"'\\"
        self.record.plant_request("send_email", request_id=request_id)
        page = self.open_page()
        card = page.wait_for_card("send_email")
        card.press("reject")
        card.wait_for_outcome("Rejected by you")
        self.assertEqual(self.record.status(request_id), "rejected")

    def test_H2_text_that_closes_or_restyles_the_page_leaves_its_looks_alone(self):
        self.plant_everywhere("harmless")
        page = self.open_page()
        page.wait_for_cards(1)
        before = self.looks(page)
        for text in MARKUP:
            self.plant_everywhere(text)
        page.wait_for_cards(1 + len(MARKUP))
        self.assertEqual(self.looks(page), before)
        self.assertEqual(len({tuple(card.box("approve")[2:]) for card in page.cards()}), 1)

    def looks(self, page):
        """Returns the place and the colours of everything that belongs to the page itself."""
        return page.run("""
            return [".bar", ".list-head", ".filters", ".rows", ".detail", ".card:not([hidden])", ".card:not([hidden]) .approve"]
              .map((selector) => {
                const node = document.querySelector(selector);
                const {x, y, width} = node.getBoundingClientRect();
                const {color, backgroundColor, fontSize, display} = getComputedStyle(node);
                return [selector, x, y, width, color, backgroundColor, fontSize, display];
              });""")

    def test_G11_bidi_marks_and_controls_are_spelled_out(self):
        page, card = self.page_with(BIDI)
        shown = r"invoice\u202efdp.exe\u2066\u200b"
        self.assertEqual(card.text("tool"), shown)
        self.assertEqual(card.text("risk"), f"{shown} risk")
        self.assertEqual(card.text("view").count(shown), 6)
        body = page.run("return document.body.textContent + document.title")
        self.assertEqual([mark for mark in "\u202e\u2066\u200b" if mark in body], [])

    def test_G11_terminal_escapes_and_line_breaks_in_a_name_are_spelled_out(self):
        self.record.plant_request("a\x1b[31m\nb\x9bc")
        [card] = self.open_page().wait_for_cards(1)
        self.assertEqual(card.text("tool"), r"a\x1b[31m\nb\u009bc")

    def test_H47_integers_beyond_2_to_the_53_are_shown_exactly(self):
        numbers = ["9007199254740993", "-9007199254740993", "18446744073709551615", "-9223372036854775808"]
        members = ",".join(f'"n{index}":{number}' for index, number in enumerate(numbers))
        self.record.plant_request("pay", raw_args="{" + members + "}")
        [card] = self.open_page().wait_for_cards(1)
        lines = card.text("view").split()
        self.assertEqual(lines[1::2], numbers)

    def test_a_long_text_is_folded_behind_a_button_that_says_how_much_is_missing(self):
        self.record.plant_request("run", {"command": "echo " + "x" * 2000 + " && rm -rf / " + "x" * 997})
        page = self.open_page()
        [card] = page.wait_for_cards(1)
        self.assertNotIn("rm -rf", card.text("view"))
        fold = page.find(".fold")
        self.assertEqual(fold.text, "Characters 501 to 2,865 hidden: show all")
        fold.click()
        self.assertIn("rm -rf /", card.text("view"))

    def test_many_line_breaks_do_not_push_a_text_out_of_sight_unsaid(self):
        self.record.plant_request("run", {"command": "\n" * 200 + "rm -rf /"})
        page = self.open_page()
        [card] = page.wait_for_cards(1)
        self.assertRegex(card.text("view"), r"200 empty lines\s+rm -rf /")
        self.assertEqual(page.find_all(".fold"), [])
        self.assertLess(card.part("view").size["height"], 200)

    def test_arguments_of_any_shape_and_depth_are_shown(self):
        self.record.plant_request("list", raw_args='[1, "two", null, true, {}, []]')
        self.record.plant_request("deep", raw_args='{"a":' * 50 + "1" + "}" * 50)
        self.record.plant_request("keys", raw_args='{"__proto__": {"x": 1}, "constructor": 2, "": 3}')
        page = self.open_page()
        shown = {card.text("tool"): card.text("view") for card in page.wait_for_cards(3)}
        self.assertRegex(shown["list"], r"0\s+1\s+1\s+two\s+2\s+null\s+3\s+true\s+4\s+no entries\s+5\s+empty list")
        self.assertEqual(shown["deep"].count("1 entry"), 5)
        self.assertRegex(shown["keys"], r"__proto__\s+1 entry\s+x\s+1\s+constructor\s+2")
