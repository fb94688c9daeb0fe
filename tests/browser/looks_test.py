"""On a phone, in dark mode, and for people who see or move differently."""

import pathlib

from browser_case import BrowserCase
from waiting import wait_until

CONTRAST = (pathlib.Path(__file__).parent / "contrast.js").read_text()


class Looks(BrowserCase):
    def plant_samples(self):
        ended = self.record.plant_request("ended")
        for level in ("low", "medium", "high", "critical", "odd"):
            self.record.plant_request(
                f"tool_{level}", {"text": "words", "number": 1, "truth": True, "hidden": "[REDACTED]", "bidi": "\u202e",
                                  "long": "word " * 200, "inner": {"list": [1, 2]}}, risk_level=level)
        for decision in ("approved", "rejected", "timeout"):
            self.record.plant_audit("read_record", decision=decision, notes="words")
        return ended

    def open_samples(self):
        ended = self.plant_samples()
        page = self.open_page()
        cards = page.wait_for_cards(6)
        self.server.decide(ended, "reject", "words")
        next(card for card in cards if card.of_row("tool") == "ended").wait_for_outcome("Rejected")
        page.run("document.querySelectorAll('details').forEach(one => one.open = true)")
        return page

    def test_a_phone_needs_no_sideways_scrolling_and_offers_buttons_for_fingers(self):
        self.record.plant_request("x" * 300, {"k" * 300: "v" * 3000, "a": {"b": {"c": {"d": "w" * 300}}}},
                                  risk_level="r" * 200)
        self.record.plant_audit("y" * 300, notes="n" * 300)
        for width in (320, 390):
            with self.subTest(width=width):
                self.chromium.resize(width, 800, touch=True)
                page = self.open_page()
                [card] = page.wait_for_cards(1)
                self.assert_fits_a_finger(page, width)
                card.element
                self.assert_fits_a_finger(page, width)
                page.show_record()
                self.assert_fits_a_finger(page, width)
                for view in ("history", "overview"):
                    page.show(view, f"#{view}")
                    self.assert_fits_a_finger(page, width)

    def assert_fits_a_finger(self, page, width):
        self.assertLessEqual(page.run("return document.documentElement.scrollWidth"), width)
        small = page.run("""
            return [...document.querySelectorAll("button, input, textarea, summary")]
              .filter((one) => one.checkVisibility())
              .map((one) => [one.id || one.className || one.tagName, one.getBoundingClientRect().height])
              .filter(([, height]) => height < 43.5);""")
        self.assertEqual(small, [])

    def test_at_200_percent_nothing_lies_beside_the_screen_and_what_is_below_is_named_before_it_is_approved(self):
        request_id = self.record.plant_request("send_email", {f"key_{number}": "word " * 20 for number in range(12)})
        self.chromium.resize(640, 400)
        page = self.open_page()
        [card] = page.wait_for_cards(1)
        self.assertLessEqual(page.run("return document.documentElement.scrollWidth"), 640)
        wait_until(lambda: page.has_settled(card), "the card to settle")
        self.assertLessEqual(page.run("return document.documentElement.scrollWidth"), 640)
        page.keys("a")
        self.assertIn("what stands further down", card.part("message").get_property("textContent"))
        self.assertEqual(self.record.status(request_id), "pending")

    def test_the_page_follows_the_preference_for_the_dark(self):
        page = self.open_samples()
        light = page.run("return getComputedStyle(document.documentElement).backgroundColor")
        self.chromium.prefer(color_scheme="dark")
        dark = page.run("return getComputedStyle(document.documentElement).backgroundColor")
        self.assertEqual((light, dark), ("rgb(245, 245, 242)", "rgb(19, 21, 23)"))

    def test_every_text_stands_out_enough_in_the_light_and_in_the_dark(self):
        page = self.open_samples()
        for scheme in ("light", "dark"):
            self.chromium.prefer(color_scheme=scheme, reduced_motion="reduce")
            for card in page.cards():
                with self.subTest(scheme=scheme, tool=card.of_row("tool")):
                    card.element
                    self.assertEqual(page.run(CONTRAST), [])
            for view, part in (("record", "#trail"), ("history", "#history"), ("overview", "#overview")):
                with self.subTest(scheme=scheme, view=view):
                    page.show(view, part)
                    self.assertEqual(page.run(CONTRAST), [])

    def test_nothing_moves_for_who_prefers_it_so(self):
        page = self.open_samples()
        self.chromium.prefer(reduced_motion="reduce")
        durations = page.run("""
            return [...new Set([...document.querySelectorAll("*")].map((one) =>
              getComputedStyle(one).transitionDuration))];""")
        self.assertEqual(durations, ["0s"])

    def names_of_controls(self):
        self.chromium.devtools("Accessibility.enable")
        nodes = self.chromium.devtools("Accessibility.getFullAXTree")["nodes"]
        self.chromium.devtools("Accessibility.disable")
        return [node["name"]["value"] for node in nodes if not node["ignored"]
                and node["role"]["value"] in ("button", "textbox", "searchbox", "checkbox", "combobox")]

    def test_every_control_has_a_name_of_its_own(self):
        page = self.open_samples()
        verdicts = set()
        for card in page.cards():
            card.element
            names = self.names_of_controls()
            self.assertNotIn("", names)
            verdicts.update(name for name in names if name.startswith(("Approve ", "Reject ")))
        self.assertEqual(len(verdicts), 10)
        self.assertTrue(page.find("#announcer").get_attribute("aria-live"))
