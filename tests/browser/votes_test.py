"""Requests on which several people decide."""

from agent import Agent
from browser_case import BrowserCase
from waiting import wait_until


class Votes(BrowserCase):
    def ask(self, amount=7):
        agent = Agent(self.server, "pay", {"amount": amount}, circle=["ada", "grace", "dan"], approvals=2)
        self.addCleanup(agent.close)
        return agent

    def plant_vote(self, request_id, reviewer):
        """Adds a vote as another program writes one: nothing in the audit tells of it."""
        self.record._write(
            "INSERT INTO approvekit_votes(request_id, verdict, reviewer, way, notes, voted_at, view_digest, entry_id, shown)"
            " SELECT request_id, 'approve', ?, 'web', '', created_at, view_digest, 'none', 'whole' FROM approvekit_requests"
            " WHERE request_id = ?", (reviewer, request_id))

    def wait_for_caution(self, card, words):
        wait_until(lambda: words in card.text("caution"), f"the card to say {words!r}")

    def test_G15_a_card_says_who_voted_and_what_is_missing_and_the_last_vote_runs_the_call(self):
        page = self.open_page()
        agent = self.ask()
        card = page.wait_for_card("pay")
        self.wait_for_caution(card, "Approvals needed: 2 of ada, grace, dan. Votes: none; still needed: 2 of ada, grace, dan.")
        request_id = self.record.pending()[0]["id"]
        self.plant_vote(request_id, "grace")
        card.write("fine by me")
        card.press("approve")
        self.wait_for_caution(card, "Votes: ada (approve): fine by me; still needed: 1 of grace, dan.")
        self.assertEqual(card.part("approve").get_attribute("aria-disabled"), "true")
        self.assertEqual(card.part("reject").get_attribute("aria-disabled"), "false")
        self.assertEqual(self.record.status(request_id), "pending")
        self.server.review("approve", request_id)
        card.wait_for_outcome("Approved by grace")
        self.assertEqual(agent.answer(), "done")

    def test_G15_a_group_says_what_became_of_each_vote_and_follows_those_of_others(self):
        page = self.open_page()
        agents = [self.ask(amount) for amount in (7, 8)]
        page.wait_for_cards(2)
        for card in page.cards():
            card.pick()
        page.find("#together").click()
        page.settle_group()
        page.find(".group .approve").click()
        results = lambda: [cell.text for cell in page.find_all(".group .result")]
        wait_until(lambda: results() == ["Voted, 1 more needed"] * 2, "both votes to be told")
        cautions = [cell.text for cell in page.find_all(".group tbody .caution")]
        self.assertEqual([text.split(" Votes: ")[1] for text in cautions],
                         ["ada (approve); still needed: 1 of grace, dan."] * 2)
        self.assertEqual(page.find(".group .approve").get_attribute("aria-disabled"), "true")
        for request in self.record.pending():
            self.server.review("approve", request["id"])
        wait_until(lambda: all("Approved by grace" in text for text in results()), "both last votes to be told")
        self.assertEqual([agent.answer() for agent in agents], ["done"] * 2)
