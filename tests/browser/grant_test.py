"""Requests where an approval may grant more calls."""

import json

from agent import Agent
from browser_case import BrowserCase
from waiting import wait_until


class Grants(BrowserCase):
    def ask(self, bounds=("args.to",)):
        grants = {"uses": 5, "for": "2h", "bounds": bounds}
        agent = Agent(self.server, "pay", {"to": "ann", "amount": 3}, grants=grants)
        self.addCleanup(agent.close)
        return agent

    def form(self, card):
        wait_until(lambda: card.element.find_elements("css selector", ".grant > summary"), "the form to be loaded")
        return card.element.find_element("css selector", ".grant")

    def granted(self):
        [entry] = self.record._read("SELECT metadata FROM audit_log WHERE decision = 'approved'")
        return json.loads(entry["metadata"]).get("granted")

    def test_G17_a_reviewer_grants_more_like_it_sees_it_listed_and_revokes_it(self):
        page = self.open_page()
        agent = self.ask()
        card = page.wait_for_card("pay")
        form = self.form(card)
        form.find_element("css selector", "summary").click()
        form.find_element("css selector", "[type=number]").send_keys("2")
        form.find_element("css selector", "[type=checkbox]").click()
        self.assertEqual(form.find_element("css selector", "summary").text, "Approve grants 2 more like it")
        card.press("approve")
        card.wait_for_outcome("Approved")
        self.assertEqual(agent.answer(), "done")
        granted = self.granted()
        self.assertEqual((granted["uses"], granted["for"], granted["free"]), (2, 7200, ["args.to"]))

        page.find("#show-grants").click()
        dialog = wait_until(lambda: page.find("dialog[open]"), "the grants to be listed")
        self.assertIn("2 of 2 left", dialog.text)
        self.assertIn("with any args.to", dialog.text)
        dialog.find_element("css selector", "p button").click()
        dialog.find_element("css selector", "p button").click()
        wait_until(lambda: "No calls are granted." in dialog.text, "the grant to be revoked")
        [row] = self.record._read("SELECT revoked_at FROM approvekit_grants")
        self.assertTrue(row["revoked_at"])

    def test_G17_the_list_tells_the_bounds_of_a_grant_in_words(self):
        page = self.open_page()
        agent = self.ask(["args.to", "args.amount"])
        page.wait_for_card("pay")
        [request] = self.record.pending()
        bounds = {"args.to": {"in": ["ann", "<b>bob</b>"]}, "args.amount": {"gte": 1, "lte": 10.5}}
        self.server.call(f"/api/requests/{request['id']}/approve", {"grant": {"uses": 2, "for": "1h", "bounds": bounds}})
        self.assertEqual(agent.answer(), "done")
        page.find("#show-grants").click()
        dialog = wait_until(lambda: page.find("dialog[open]"), "the grants to be listed")
        self.assertIn("with args.amount at least 1 and at most 10.5, args.to one of \"ann\", \"<b>bob</b>\"", dialog.text)

    def test_G17_too_many_are_not_sent_and_an_empty_number_grants_nothing(self):
        page = self.open_page()
        agent = self.ask()
        card = page.wait_for_card("pay")
        number = self.form(card).find_element("css selector", "[type=number]")
        self.form(card).find_element("css selector", "summary").click()
        number.send_keys("6")
        card.press("approve")
        wait_until(lambda: "Grant 1 to 5 calls more" in card.text("message"), "the answer to say so")
        self.assertEqual(len(self.record.pending()), 1)
        number.clear()
        card.press("approve")
        card.wait_for_outcome("Approved")
        self.assertEqual(agent.answer(), "done")
        self.assertIsNone(self.granted())
