"""Requests that a reviewer may answer instead of letting them run."""

from agent import Agent
from browser_case import BrowserCase
from waiting import wait_until


class Answers(BrowserCase):
    def ask(self, **rule):
        agent = Agent(self.server, "ask", {"what": "a room"}, allow_answer=True, **rule)
        self.addCleanup(agent.close)
        return agent

    def open_form(self, page, card):
        wait_until(lambda: card.element.find_elements("css selector", ".answer-form"), "the form to be loaded")
        page.keys("w")
        return card.element.find_element("css selector", ".answer-form textarea")

    def send(self, page, card):
        wait_until(lambda: page.has_settled(card), "the card to be there long enough to be pressed")
        card.element.find_element("css selector", ".answer-form button").click()

    def test_a_reviewer_answers_a_call_that_then_does_not_run(self):
        page = self.open_page()
        agent = self.ask()
        card = page.wait_for_card("ask")
        self.open_form(page, card).send_keys("Ask Bob.")
        self.send(page, card)
        self.assertIn("Answered by you", card.wait_for_outcome("Answered"))
        self.assertIn("Ask Bob.", card.text("outcome-note"))
        self.assertIn("Ask Bob.", agent.answer())
        [row] = self.record._read("SELECT status FROM approval_requests")
        self.assertEqual(row["status"], "answered")

    def test_H184_an_answer_without_words_is_not_sent_and_hostile_ones_are_shown_escaped(self):
        page = self.open_page()
        self.ask()
        card = page.wait_for_card("ask")
        area = self.open_form(page, card)
        self.send(page, card)
        wait_until(lambda: "An answer needs words." in card.text("message"), "the page to say so")
        self.assertEqual(len(self.record.pending()), 1)
        area.send_keys("<img src=x onerror=alert(1)>")
        self.send(page, card)
        card.wait_for_outcome("Answered")
        self.assertIn("<img src=x", card.text("outcome-note"))
        self.assertEqual(card.element.find_elements("css selector", "img"), [])

    def test_nothing_is_offered_where_no_answer_may_be_given(self):
        page = self.open_page()
        agent = Agent(self.server, "ask", {"what": "a room"})
        self.addCleanup(agent.close)
        card = page.wait_for_card("ask")
        self.assertEqual(card.element.find_elements("css selector", ".answer-form"), [])
        self.assertNotIn("answer_form.js", page.run("return performance.getEntriesByType('resource').map((one) => one.name).join()"))
