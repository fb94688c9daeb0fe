"""axe-core checks every view of the page: it finds nothing that would exclude anybody."""

import pathlib
import sys

from browser_case import BrowserCase
from waiting import wait_until

AXE = pathlib.Path(__file__).resolve().parent.parent.parent / ".cache" / "node_modules" / "axe-core" / "axe.min.js"


class Views(BrowserCase):
    """The faults that axe-core finds. Without axe-core there is nothing to run."""

    def plant(self):
        ended = self.record.plant_request("ended", risk_level="low")
        for number, risk in enumerate(("low", "medium", "high", "critical", "odd")):
            self.record.plant_request("send_email", {
                "to": f"p{number}@example.org", "sql": "SELECT 1 -- x\n" * 40, "rows": [{"id": 1}, {"id": 2}],
                "hidden": "[REDACTED]", "deep": {"a": {"b": {"c": {"d": {"e": 1}}}}}, "bidi": "\u202e", "n": number,
                "patch": "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new"}, risk_level=risk)
        for decision in ("approved", "rejected", "timeout"):
            self.record.plant_audit("read_record", decision=decision, notes="words")
        return ended

    def faults(self, page):
        found = page.driver.execute_async_script(
            "const done = arguments[0]; axe.run(document).then(({ violations }) => done(violations.map((one) =>"
            " `${one.id}: ${one.nodes.map((node) => node.target).slice(0, 3).join(' | ')}`)), (error) => done([String(error)]));")
        return found

    def look_over(self, page, view):
        for scheme in ("light", "dark"):
            self.chromium.prefer(color_scheme=scheme, reduced_motion="reduce")
            with self.subTest(view=view, scheme=scheme):
                self.assertEqual(self.faults(page), [])

    def views(self):
        """Shows each view in turn, by its name."""
        ended = self.plant()
        page = self.open_page()
        cards = page.wait_for_cards(6)
        page.run(AXE.read_text())
        yield page, "the list and a request"
        cards[0].press("approve")
        yield page, "a request that was opened"
        self.server.decide(ended, "reject", "words")
        next(card for card in cards if card.of_row("tool") == "ended").wait_for_outcome("Rejected")
        yield page, "a request that has ended"
        for card in cards[:3]:
            card.pick()
        page.find("#together").click()
        yield page, "a group"
        page.find("#unpick").click()
        page.find("#grouped").click()
        yield page, "the list in groups"
        page.run("arguments[0].blur()", page.find("#grouped"))
        page.find("#show-help").click()
        yield page, "the help"
        page.find("#help .action").click()
        page.find("#show-alerts").click()
        wait_until(lambda: page.find_all("#alerts[open]"), "the alerts to open")
        yield page, "the alerts"
        page.find("#alerts .action").click()
        page.show_record()
        wait_until(lambda: page.find_all(".entry"), "the record")
        page.run("document.querySelectorAll('details').forEach(one => one.open = true)")
        yield page, "the record"
        yield from self.views_of_the_past(page)

    def views_of_the_past(self, page):
        page.show("history", "#history")
        wait_until(lambda: page.find_all("#history .call"), "the history")
        yield page, "the history"
        page.find("#history .call[href*='/requests/']").click()
        wait_until(lambda: page.find_all("#call .story"), "a call")
        page.run("document.querySelectorAll('#call details').forEach(one => one.open = true)")
        yield page, "a call"
        page.show("overview", "#overview")
        wait_until(lambda: page.find_all("#overview svg"), "the overview")
        yield page, "the overview"

    def look_over_all(self):
        for page, view in self.views():
            self.look_over(page, view)

    def the_door(self):
        self.chromium.driver.get(self.server.address)
        wait_until(lambda: self.chromium.driver.find_element("id", "sign-in-title").text, "the sign-in page")
        page = type("Door", (), {"driver": self.chromium.driver})
        self.chromium.driver.execute_script(AXE.read_text())
        self.look_over(page, "the sign-in page")


if AXE.exists():
    class Axe(Views):
        def test_axe_finds_nothing_on_any_view(self):
            self.look_over_all()

        def test_axe_finds_nothing_on_a_phone(self):
            self.chromium.resize(390, 800, touch=True)
            self.plant()
            page = self.open_page()
            [card, *_] = page.wait_for_cards(6)
            page.run(AXE.read_text())
            self.look_over(page, "the list")
            card.element
            self.look_over(page, "a request")
            card.press("reject")
            card.wait_for_outcome("Rejected")
            for page, view in self.views_of_the_past(page):
                self.look_over(page, f"{view} on a phone")

        def test_axe_finds_nothing_at_the_door(self):
            self.the_door()
else:
    print("axe-core is not installed: the page is not looked over by it (tools/bootstrap tests)", file=sys.stderr)
