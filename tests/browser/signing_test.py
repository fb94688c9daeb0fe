"""Calls that run only on a signed approval."""

import json
import os
import subprocess

from agent import Agent
from browser_case import BrowserCase
from waiting import wait_until

GRACE = {"name": "grace", "key": "ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="}
PASSPHRASE = {"APPROVEKIT_PASSPHRASE": "correct horse battery"}


class Signing(BrowserCase):
    def ask(self, reviewers):
        agent = Agent(self.server, "deploy", {"to": "production"}, reviewers=reviewers)
        self.addCleanup(agent.close)
        return agent

    def make_key(self, reviewer):
        """Makes a key. Returns its file and how a policy lists it."""
        file = self.server.folder / f"{reviewer}.key"
        made = subprocess.run([self.binaries / "approvekit-review", "--json", "keygen", "--reviewer", reviewer,
                               "--memory", "8", "--out", file], env={**os.environ, **PASSPHRASE},
                              stdout=subprocess.PIPE, check=True)
        return file, {"name": reviewer, "key": json.loads(made.stdout)["key"]}

    def test_a_page_without_the_key_says_whose_signature_counts_and_decides_nothing(self):
        page = self.open_page()
        agent = self.ask([GRACE])
        card = page.wait_for_card("deploy")
        self.assertIn("counts only if grace signs it", card.text("caution"))
        card.press("approve")
        wait_until(lambda: "signed by grace" in card.text("message"), "the card to say why not")
        self.assertEqual(card.state, "pending")
        card.press("reject")
        card.wait_for_outcome("Rejected by you")
        self.assertIn("rejected", agent.answer())

    def test_a_page_with_the_key_signs_and_the_call_runs(self):
        file, listed = self.make_key("ada")
        self.server.stop()
        self.server.start(options=["--key", file], environment=PASSPHRASE)
        page = self.open_page()
        agent = self.ask([GRACE, listed])
        card = page.wait_for_card("deploy")
        self.assertFalse(card.part("caution").is_displayed())
        card.press("approve")
        card.wait_for_outcome("Approved by you")
        self.assertEqual(agent.answer(), "done")
        page.wait_for_entry("executed", "deploy")
        self.assertTrue(self.server.call("/api/audit")["audit"][-1]["signed"])

    def test_H53_a_signature_of_the_page_says_that_all_was_shown(self):
        file, listed = self.make_key("ada")
        self.server.stop()
        self.server.start(options=["--key", file], environment=PASSPHRASE)
        page = self.open_page()
        self.ask([listed])
        card = page.wait_for_card("deploy")
        [request] = self.record.pending()
        card.press("approve")
        card.wait_for_outcome("Approved by you")
        statement = self.record.statement(request["id"])
        self.assertEqual((statement["statement"], statement["shown"]), ("approvekit decision 2", "whole"))
