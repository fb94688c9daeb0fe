"""Getting in, staying in, and finding back after the server was gone."""

import signal

from selenium.webdriver.common.by import By

from browser_case import BrowserCase
from page import Page
from waiting import wait_until


class Session(BrowserCase):
    def door(self):
        """The title of the door; nothing while it is open."""
        heading = self.chromium.driver.find_element(By.ID, "gate-title")
        return heading.text if heading.is_displayed() else ""

    def wait_for_door(self, title):
        wait_until(lambda: self.door() == title, f"the door to say {title!r}")

    def test_the_token_leaves_the_address_bar_and_the_history(self):
        page = self.open_page()
        self.assertEqual(page.driver.current_url, self.server.address + "/")
        entries = self.chromium.devtools("Page.getNavigationHistory")["entries"]
        self.assertEqual([entry["url"] for entry in entries if self.server.token in entry["url"]], [])

    def test_no_script_can_read_the_session(self):
        page = self.open_page()
        self.assertEqual(page.run("return document.cookie"), "")
        self.assertEqual(page.run("return localStorage.length + sessionStorage.length"), 0)

    def test_a_reload_keeps_the_session(self):
        page = self.open_page()
        page.driver.refresh()
        page.wait_for_connection("live")
        self.assertEqual(page.find("#who").text, "reviewing as ada")

    def test_without_a_session_the_page_tells_how_to_get_in(self):
        self.record.plant_request("send_email")
        self.chromium.driver.get(self.server.address)
        self.wait_for_door("Open the printed link")
        gate = self.chromium.driver.find_element(By.ID, "gate").text
        self.assertIn("approvekit-web prints a link that ends in #token=", gate)
        self.assertNotIn("send_email", self.chromium.driver.find_element(By.TAG_NAME, "body").text)

    def test_a_link_that_does_not_fit_is_told_apart(self):
        self.chromium.driver.get(self.server.address + "/#token=not-the-token-of-this-server")
        self.wait_for_door("This link does not fit")
        self.assertEqual(self.chromium.driver.current_url, self.server.address + "/")

    def test_pasting_the_right_link_into_the_same_tab_opens_the_door(self):
        self.chromium.driver.get(self.server.address)
        self.wait_for_door("Open the printed link")
        Page(self.chromium, self.server)
        self.assertEqual(self.door(), "")

    def test_after_a_restart_the_new_link_brings_everything_back_with_the_half_written_note(self):
        self.record.plant_request("send_email")
        page = self.open_page()
        card = page.wait_for_card("send_email")
        card.write("half a sentence")
        self.server.stop(signal.SIGKILL)
        page.wait_for_connection("lost")
        self.server.start(token="another-token-for-the-same-page")
        self.wait_for_door("Your session has ended")
        page.driver.get(self.server.link)
        page.wait_for_connection("live")
        self.assertEqual(card.note(), "half a sentence")
        card.press("approve")
        card.wait_for_outcome("Approved by you")

    def test_a_tab_recovers_by_itself_when_another_one_signs_in(self):
        page = self.open_page()
        first = page.driver.current_window_handle
        self.server.stop()
        page.wait_for_connection("lost")
        self.server.start()
        self.wait_for_door("Your session has ended")
        page.driver.switch_to.new_window("tab")
        self.addCleanup(page.driver.switch_to.window, first)
        self.addCleanup(page.driver.close)
        Page(self.chromium, self.server)
        page.driver.switch_to.window(first)
        page.wait_for_connection("live")
        self.assertEqual(self.door(), "")
        page.driver.switch_to.window(page.driver.window_handles[-1])

    def test_while_the_server_is_gone_the_page_says_so_and_sends_nothing(self):
        request_id = self.record.plant_request("send_email")
        page = self.open_page()
        card = page.wait_for_card("send_email")
        self.server.stop(signal.SIGKILL)
        page.wait_for_connection("lost")
        self.assertIn("The review server does not answer. Trying again", page.find("#notice").text)
        card.press("approve")
        self.assertEqual(card.text("message"), "Not connected: nothing was sent.")
        self.assertEqual(self.record.status(request_id), "pending")

    def test_when_the_server_gives_no_more_streams_the_page_polls_until_it_gets_one(self):
        streams = [self.server.open_stream() for _ in range(64)]
        page = Page(self.chromium, self.server, connection="polling")
        self.record.plant_request("first")
        page.wait_for_card("first")
        for stream in streams:
            stream.close()
        self.record.plant_request("second")
        page.wait_for_card("second")
        page.wait_for_connection("live")
