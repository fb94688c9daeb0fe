"""Requests that count towards a limit."""

from agent import Agent
from browser_case import BrowserCase
from waiting import wait_until


class Limits(BrowserCase):
    def ask(self, **rule):
        agent = Agent(self.server, "pay", {"amount": 7}, **rule)
        self.addCleanup(agent.close)
        return agent

    def wait_for_caution(self, card, words):
        wait_until(lambda: words in card.text("caution"), f"the card to say {words!r}")

    def test_a_card_says_which_limit_holds_its_call_and_the_call_runs_when_it_is_approved(self):
        page = self.open_page()
        once = {"require_approval": False, "limit": {"calls": 1, "per": "1h"}}
        self.assertEqual(self.ask(**once).answer(), "done")
        agent = self.ask(**once)
        card = page.wait_for_card("pay")
        self.wait_for_caution(card, "Held because of a limit: 1 call in 1 h is used up.")
        card.press("approve")
        card.wait_for_outcome("Approved")
        self.assertEqual(agent.answer(), "done")

    def test_a_card_says_what_its_call_takes_of_a_limit_beyond_which_it_does_not_start(self):
        page = self.open_page()
        agent = self.ask(limit={"sum": "args.amount", "max": 50, "per": "24h", "beyond": "deny"})
        card = page.wait_for_card("pay")
        self.wait_for_caution(card, "Takes 7 of 50 in 24 h (args.amount), and does not start once that is used up.")
        card.press("approve")
        card.wait_for_outcome("Approved")
        self.assertEqual(agent.answer(), "done")
