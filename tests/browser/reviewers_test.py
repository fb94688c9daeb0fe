"""Three reviewers on one server, each in their own browser, and two names in one browser."""

from selenium.webdriver.common.by import By

from agent import Agent
from browser_case import BrowserCase
from chromium import Chromium
from foreign_site import ForeignSite
from page import Page
from several_server import SeveralServer
from sign_on_proxy import SECRET, SignOnProxy
from waiting import wait_until


class Reviewers(BrowserCase):
    def setUp(self):
        self.chromium.forget()
        self.server = SeveralServer(self.binaries)
        self.addCleanup(self.server.close)
        self.record = self.server.record

    def open_as(self, name, browser=None):
        """Returns the page as that person has it, in the usual browser or another one."""
        self.server.link = self.server.links[name]
        page = Page(browser or self.chromium, self.server)
        self.assertEqual(self.name_on(page), name)
        return page

    def another_browser(self):
        browser = Chromium()
        self.addCleanup(browser.close)
        return browser

    def name_on(self, page):
        return page.find("#who").text.removeprefix("reviewing as ")

    def wait_for_sign_in(self, page, title):
        def heading():
            found = page.driver.find_element(By.ID, "sign-in-title")
            return found.text if found.is_displayed() else ""
        wait_until(lambda: heading() == title, f"the page to say {title!r}")

    def reviewer_of(self, request_id):
        [row] = self.record._read("SELECT reviewer FROM approvekit_decisions WHERE request_id = ?", (request_id,))
        return row["reviewer"]

    def test_H185_three_reviewers_decide_under_their_own_names_two_in_a_quorum_and_a_removed_one_is_signed_out(self):
        ann = self.open_as("ann")
        bob = self.open_as("bob", self.another_browser())
        cyd = self.open_as("cyd", self.another_browser())
        agent = Agent(self.server, "pay", {"amount": 7}, circle=["ann", "bob"], approvals=2, timeout=600)
        self.addCleanup(agent.close)

        card = cyd.wait_for_card("pay")
        self.assertEqual(card.part("approve").get_attribute("aria-disabled"), "true")
        card.press("approve")
        self.assertEqual(card.state, "pending")
        card = ann.wait_for_card("pay")
        card.press("approve")
        wait_until(lambda: "Votes: ann (approve); still needed: 1 of bob." in card.text("caution"), "the vote of ann")
        card = bob.wait_for_card("pay")
        wait_until(lambda: "Votes: ann (approve)" in card.text("caution"), "bob to see the vote of ann")
        card.press("approve")
        card.wait_for_outcome("Approved by you")
        ann.wait_for_card("pay").wait_for_outcome("Approved by bob")
        self.assertEqual(agent.answer(), "done")

        request_id = self.record.plant_request("wire")
        card = bob.wait_for_card("wire")
        self.server.remove("bob")
        self.wait_for_sign_in(bob, "Your session has ended")
        self.assertEqual(self.record.status(request_id), "pending")
        card = ann.wait_for_card("wire")
        card.press("reject")
        card.wait_for_outcome("Rejected by you")
        self.assertEqual(self.reviewer_of(request_id), "ann")

    def test_H196_what_one_held_in_a_browser_is_not_sent_under_the_name_of_the_next_who_signs_in_there(self):
        page = self.open_as("ann")
        request_id = self.record.plant_request("wire")
        page.wait_for_card("wire").element
        page.settle()
        page.keys("a")
        self.assertTrue(page.find("#held").is_displayed())
        page.run("location.hash = arguments[0]", self.server.links["bob"].split("#")[1])
        wait_until(lambda: self.record.status(request_id) == "approved", "what ann held to be sent")
        wait_until(lambda: page.run("return document.body?.dataset.connection") == "live" and self.name_on(page) == "bob",
                   "bob to be in")
        self.assertEqual(self.reviewer_of(request_id), "ann")
        second = self.record.plant_request("second")
        card = page.wait_for_card("second")
        card.press("reject")
        card.wait_for_outcome("Rejected by you")
        self.assertEqual(self.reviewer_of(second), "bob")

    def test_H191_a_reviewer_sees_where_the_own_browsers_are_signed_in_and_signs_them_out(self):
        page = self.open_as("ann")
        self.server.links["ann"] = self.server.invite("ann")
        other = self.open_as("ann", self.another_browser())
        self.open_as("bob", self.another_browser())
        page.find("#show-help").click()
        page.find("#show-sessions").click()
        dialog = wait_until(lambda: page.find('dialog[aria-label="Signed in"][open]'), "the sessions to be listed")
        lines = lambda: [line.text for line in dialog.find_elements(By.CSS_SELECTOR, "p")]
        self.assertEqual([line.split(",")[0] for line in lines()], ["This browser", "Another browser"])
        end = dialog.find_elements(By.CSS_SELECTOR, "p button")[1]
        end.click()
        self.assertEqual(end.text, "Sign it out now?")
        end.click()
        self.wait_for_sign_in(other, "Your session has ended")
        wait_until(lambda: len(lines()) == 1, "one session to be left")
        own = dialog.find_element(By.CSS_SELECTOR, "p button")
        own.click()
        own.click()
        self.wait_for_sign_in(page, "Open a fresh link")


class Proxied(BrowserCase):
    """A proxy with its own cookies says who asks."""

    def setUp(self):
        self.chromium.forget()
        self.proxy = SignOnProxy()
        self.addCleanup(self.proxy.close)
        self.server = SeveralServer(self.binaries, environment={"APPROVEKIT_PROXY_SECRET": SECRET}, options=[
            "--proxy-user-header", "Remote-User", "--public-origin", self.proxy.address])
        self.addCleanup(self.server.close)
        self.record = self.server.record
        self.proxy.upstream = self.server.port

    def open_as(self, name):
        self.chromium.driver.get(self.proxy.address + "/")
        self.chromium.driver.add_cookie({"name": "who", "value": name})
        self.server.link = self.proxy.address + "/"
        return Page(self.chromium, self.server)

    def test_H194_whom_the_proxy_signs_in_decides_under_that_name_and_the_page_has_no_secret(self):
        page = self.open_as("bob")
        self.assertEqual(page.find("#who").text, "reviewing as bob")
        self.assertEqual(page.run("return localStorage.length"), 0)
        request_id = self.record.plant_request("wire")
        card = page.wait_for_card("wire")
        card.press("approve")
        card.wait_for_outcome("Approved by you")
        [row] = self.record._read("SELECT reviewer FROM approvekit_decisions WHERE request_id = ?", (request_id,))
        self.assertEqual(row["reviewer"], "bob")
        self.record.plant_request("later")
        page.wait_for_card("later")
        self.server.remove("bob")
        wait_until(lambda: "not one of the reviewers" in page.find("#notice").text, "the page to say why it is out")

    def test_a_browser_that_was_signed_in_by_a_link_before_is_who_the_proxy_says(self):
        page = self.open_as("bob")
        page.run("localStorage.setItem('approvekit-session', `key ${'a'.repeat(64)}`)")
        page.driver.refresh()
        page.wait_for_connection("live")
        self.assertEqual(page.find("#who").text, "reviewing as bob")

    def test_H194_a_page_of_another_site_decides_nothing_though_the_browser_is_signed_in_at_the_proxy(self):
        page = self.open_as("ann")
        request_id = self.record.plant_request("wire")
        page.wait_for_card("wire")
        site = ForeignSite({"/": "<title>foreign</title>"})
        self.addCleanup(site.close)
        page.driver.get(site.address)
        for content_type in ("text/plain", "application/json"):
            page.driver.execute_async_script("""
                const [address, type, done] = arguments;
                fetch(address, {method: "POST", mode: "no-cors", credentials: "include",
                                headers: {"Content-Type": type}, body: "{}"}).then(done, done);""",
                f"{self.proxy.address}/api/requests/{request_id}/approve", content_type)
            self.assertEqual(self.record.status(request_id), "pending")
