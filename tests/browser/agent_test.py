"""Requests of real agents, with everything that protects them."""

import re

from agent import Agent
from browser_case import BrowserCase
from waiting import wait_until


class Agents(BrowserCase):
    def ask(self, tool="send_email", args=None, **options):
        agent = Agent(self.server, tool, args or {"to": "lin@example.org"}, **options)
        self.addCleanup(agent.close)
        return agent

    def test_an_approved_call_runs_and_the_card_says_so(self):
        page = self.open_page()
        agent = self.ask()
        card = page.wait_for_card("send_email")
        card.write("go ahead")
        card.press("approve")
        card.wait_for_outcome("Approved by you")
        self.assertEqual(agent.answer(), "done")
        wait_until(lambda: card.outcome.endswith("it ran"), "the card to say that it ran")
        page.wait_for_entry("executed", "send_email")

    def test_H65_what_the_agent_asked_for_is_shown_beside_what_somebody_made_of_it(self):
        page = self.open_page()
        agent = self.ask()
        card = page.wait_for_card("send_email")
        [row] = self.record.pending()
        self.record.rewrite_args(row["id"], {"to": "mallory@example.org"})
        page.find("#refresh").click()
        wait_until(lambda: "mallory" in card.text("view"), "the new arguments")
        self.assertIn("What its row says now", card.text("view"))
        self.assertIn("What the agent asked for", card.text("submitted"))
        self.assertIn("lin@example.org", card.text("submitted"))
        self.assertIn("cannot be approved", card.text("caution"))
        card.press("reject")
        card.wait_for_outcome("Rejected by you")
        self.assertIn("send_email", agent.answer())

    def test_a_rejected_call_hears_the_note(self):
        page = self.open_page()
        agent = self.ask()
        card = page.wait_for_card("send_email")
        card.write("ask the press office first")
        card.press("reject")
        card.wait_for_outcome("Rejected by you")
        self.assertIn("ask the press office first", agent.answer())

    def test_a_call_that_runs_and_fails_says_so_with_its_error(self):
        page = self.open_page()
        agent = self.ask(error="the mail server is on holiday")
        card = page.wait_for_card("send_email")
        card.press("approve")
        wait_until(lambda: card.outcome.endswith("it ran and failed"), "the card to say that it failed")
        self.assertEqual(card.text("outcome-note"), "the mail server is on holiday")
        self.assertEqual(agent.answer(), "the mail server is on holiday")

    def test_the_countdown_runs_down_to_the_deadline_and_the_card_says_that_it_expired(self):
        page = self.open_page()
        agent = self.ask(timeout=15)
        card = page.wait_for_card("send_email")
        first = card.text("clock")
        self.assertRegex(first, r"^0:(0[1-9]|1[0-5]) left$")
        wait_until(lambda: card.text("clock") != first, "the countdown to run")
        card.wait_for_outcome("Expired without an answer")
        self.assertEqual(card.part("approve").get_attribute("aria-disabled"), "true")
        page.wait_for_entry("timeout", "send_email")
        self.assertIn("send_email", agent.answer())

    def test_a_request_whose_agent_was_killed_ends(self):
        page = self.open_page()
        agent = self.ask(timeout=600)
        card = page.wait_for_card("send_email")
        agent.kill()
        wait_until(lambda: card.state == "ended", "the card to end")
        self.assertTrue(card.outcome.startswith("Expired"))

    def test_a_hidden_value_is_marked_and_stands_nowhere_on_the_page(self):
        page = self.open_page()
        self.ask(args={"to": "lin@example.org", "body": "the secret text of the mail", "pin": 4711,
                       "copy": {"text": "so: the secret text of the mail"}}, redact_fields=["body", "pin"])
        card = page.wait_for_card("send_email")
        view = card.text("view")
        self.assertRegex(view, r"body\s+hidden\s+text, 9\u201332 characters\s+[0-9a-f]{8}")
        self.assertRegex(view, r"pin\s+hidden\s+number\s+[0-9a-f]{8}")
        self.assertNotRegex(page.run("return document.documentElement.outerHTML"), r"secret text|4711")

    def test_the_card_tells_who_asked_and_offers_the_digests(self):
        page = self.open_page()
        self.ask()
        card = page.wait_for_card("send_email")
        self.assertIn("browser_test_agent", card.text("agent"))
        self.assertFalse(card.part("caution").is_displayed())
        page.find(".more summary").click()
        self.assertEqual(len(re.findall(r"\b[0-9a-f]{64}\b", card.text("details"))), 3)

    def test_a_request_altered_behind_the_agents_back_is_not_approved(self):
        page = self.open_page()
        self.ask()
        card = page.wait_for_card("send_email")
        [row] = self.record.pending()
        page.stop_listening()
        self.record.rewrite_args(row["id"], {"to": "mallory@example.org"})
        card.press("approve")
        wait_until(lambda: "has changed since it was shown" in card.text("message"), "the refusal")
        self.assertIn("mallory@example.org", card.text("view"))
        self.assertIn("has changed", card.text("caution"))
        self.assertEqual(self.record.status(row["id"]), "pending")
