"""Requests whose arguments a reviewer may edit."""

import json

from agent import Agent
from browser_case import BrowserCase
from waiting import wait_until


class Edits(BrowserCase):
    def ask(self, **args):
        args = {"to": "ann", "body": "Dear Ann", "amount": 12345678901234567890, **args}
        agent = Agent(self.server, "pay", args, allow_edit=["args.body", "args.amount", "args.pin"])
        self.addCleanup(agent.close)
        return agent

    def open_form(self, card):
        wait_until(lambda: card.element.find_elements("css selector", ".edit > summary"), "the form to be loaded")
        self.part(card, ".edit > summary").click()
        return card.element.find_elements("css selector", ".edit-field")

    def part(self, card, selector):
        return card.element.find_element("css selector", selector)

    def write(self, field, text):
        area = field.find_element("css selector", "textarea")
        area.clear()
        area.send_keys(text)

    def edited(self):
        """Returns what was approved, according to the record."""
        [entry] = self.record._read("SELECT metadata FROM audit_log WHERE decision = 'approved'")
        return json.loads(entry["metadata"])["edited"]["edits"]

    def test_G16_a_reviewer_edits_an_argument_sees_what_differs_and_approves_that(self):
        page = self.open_page()
        agent = self.ask()
        card = page.wait_for_card("pay")
        body, amount = self.open_form(card)
        self.assertEqual(body.find_element("css selector", "textarea").get_attribute("value"), "Dear Ann")
        self.write(body, "Hi")
        self.assertEqual(body.find_element("css selector", ".was").text, "was Dear Ann")
        self.assertIn("Edited: 1", self.part(card, ".edit > summary").text)
        self.write(amount, "9007199254740993")
        card.press("approve")
        self.assertIn("with args.amount, args.body edited", card.wait_for_outcome("Approved"))
        self.assertEqual(self.edited(), {"args.body": "Hi", "args.amount": 9007199254740993})
        self.assertEqual(agent.answer(), "done")

    def test_G16_what_is_wrong_with_an_edit_stands_at_its_field_and_nothing_is_decided(self):
        page = self.open_page()
        self.ask()
        card = page.wait_for_card("pay")
        amount = self.open_form(card)[1]
        for text in ("seven", '"7"'):
            self.write(amount, text)
            self.assertIn("Expected a number", amount.find_element("css selector", ".fault").text)
            card.press("approve")
            wait_until(lambda: "args.amount: Expected a number" in card.text("message"), "the answer to say so")
        self.assertEqual(len(self.record.pending()), 1)
        card.press("reject")
        card.wait_for_outcome("Rejected")

    def test_G16_a_key_opens_the_form_and_nothing_that_is_typed_there_decides(self):
        self.ask()
        page = self.open_page()
        card = page.wait_for_card("pay")
        wait_until(lambda: card.element.find_elements("css selector", ".edit > summary"), "the form to be loaded")
        page.keys("e")
        wait_until(lambda: page.run("return document.activeElement.matches('.edit-field textarea')"), "the first field")
        page.driver.switch_to.active_element.send_keys(" ara")
        self.assertIn("Edited: 1", self.part(card, ".edit > summary").text)
        self.assertEqual(card.state, "pending")

    def test_G16_nothing_is_offered_where_nothing_may_be_edited(self):
        page = self.open_page()
        agent = Agent(self.server, "pay", {"body": "x"})
        self.addCleanup(agent.close)
        card = page.wait_for_card("pay")
        self.assertEqual(card.element.find_elements("css selector", ".edit"), [])
        self.assertNotIn("edit_form.js", page.run("return performance.getEntriesByType('resource').map((one) => one.name).join()"))

    def test_G16_a_group_leaves_out_no_edit_that_was_typed_before(self):
        page = self.open_page()
        for to in ("ann", "bob"):
            self.ask(to=to)
        page.wait_for_cards(2)
        cards = page.cards()
        self.write(self.open_form(cards[0])[0], "Hi")
        for one in cards:
            one.pick()
        page.find("#together").click()
        page.settle_group()
        page.find(".group .approve").click()
        wait_until(lambda: "open it to approve it so" in page.find(".group").text, "the group to say so")
        self.assertEqual(len(self.record.pending()), 2)

    def test_G11_G16_a_text_that_a_field_would_change_or_hide_is_edited_as_json(self):
        page = self.open_page()
        self.ask(body="one\r\ntwo \u202ethree")
        card = page.wait_for_card("pay")
        body = self.open_form(card)[0]
        area = body.find_element("css selector", "textarea")
        self.assertEqual(area.get_attribute("value"), '"one\\r\\ntwo \\u202ethree"')
        area.clear()
        area.send_keys('"one\\r\\n2 \\u202ethree"')
        card.press("approve")
        card.wait_for_outcome("Approved")
        self.assertEqual(self.edited(), {"args.body": "one\r\n2 \u202ethree"})
