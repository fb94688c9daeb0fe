"""Signing in, staying signed in, and returning after the server was gone."""

import signal
import tempfile

from selenium.webdriver.common.by import By

from browser_case import BrowserCase
from chromium import Chromium
from page import Page
from waiting import wait_until


class Session(BrowserCase):
    def sign_in_title(self):
        """Returns what the page says to somebody who is not signed in; nothing for others."""
        heading = self.chromium.driver.find_element(By.ID, "sign-in-title")
        return heading.text if heading.is_displayed() else ""

    def wait_for_sign_in(self, title):
        wait_until(lambda: self.sign_in_title() == title, f"the page to say {title!r}")

    def another_browser(self, **options):
        browser = Chromium(**options)
        self.addCleanup(browser.close)
        return browser

    def wait_for_sign_in_of(self, browser, title):
        def heading():
            found = browser.driver.find_element(By.ID, "sign-in-title")
            return found.text if found.is_displayed() else ""
        wait_until(lambda: heading() == title, f"the page to say {title!r}")

    def test_the_link_leaves_the_address_bar_and_the_tab_s_history(self):
        page = self.open_page()
        self.assertEqual(page.driver.current_url, self.server.address + "/")
        entries = self.chromium.devtools("Page.getNavigationHistory")["entries"]
        self.assertEqual([entry["url"] for entry in entries if entry["url"].startswith(self.server.link)], [])

    def test_H56_no_cookie_is_set_and_what_is_kept_is_the_origin_s_own(self):
        page = self.open_page()
        self.assertEqual(self.chromium.devtools("Network.getAllCookies")["cookies"], [])
        self.assertEqual(page.run("return Object.keys(localStorage)"), ["approvekit-session"])
        self.assertEqual(page.run("return sessionStorage.length"), 0)

    def test_H59_a_link_signs_in_one_browser_and_a_fresh_one_another(self):
        self.open_page()
        other = self.another_browser()
        other.driver.get(self.server.link)
        self.wait_for_sign_in_of(other, "This link has been used")
        text = other.driver.find_element(By.ID, "sign-in").text
        self.assertIn("Press Enter in the terminal where approvekit-web runs: it prints a fresh link.", text)
        other.driver.get(self.server.fresh_link())
        wait_until(lambda: other.driver.find_element(By.ID, "who").text == "reviewing as ada", "the other to be in")
        self.open_page().wait_for_connection("live")

    def test_H59_the_same_browser_reopened_is_still_signed_in(self):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            first = Chromium(profile=profile)
            Page(first, self.server)
            first.close()
            again = self.another_browser(profile=profile)
            again.driver.get(self.server.address)
            wait_until(lambda: again.driver.find_element(By.ID, "who").text == "reviewing as ada", "it to be signed in")

    def test_H59_used_links_that_this_browser_opens_again_do_no_harm(self):
        page = self.open_page()
        page.driver.get(self.server.fresh_link())
        first = self.server.link.split("=")[1]
        wait_until(lambda: first not in page.run("return localStorage['approvekit-session']"), "the second to be taken")
        page = self.open_page()
        self.assertEqual(page.find("#who").text, "reviewing as ada")
        self.assertEqual(self.sign_in_title(), "")

    def test_H59_a_reload_before_the_answer_came_signs_in_all_the_same(self):
        page = self.open_page()
        link, secret = self.server.fresh_link().split("=")[1], "ab" * 32
        self.server.call("/api/session", {"link": link, "secret": secret})
        page.run("""
            localStorage.clear();
            localStorage.setItem("approvekit-offer", `${arguments[0]} ${arguments[1]}`);""", link, secret)
        page.driver.refresh()
        page.wait_for_connection("live")
        self.assertEqual(page.run("return {...localStorage}"), {"approvekit-session": f"{link} {secret}"})

    def test_H82_a_browser_that_keeps_no_site_data_works_in_its_tab_and_says_why_it_does_not_after_a_reload(self):
        browser = self.another_browser(preferences={"profile.default_content_setting_values.cookies": 2})
        page = Page(browser, self.server)
        self.assertEqual(page.find("#who").text, "reviewing as ada")
        page.driver.refresh()
        self.wait_for_sign_in_of(browser, "This browser forgets its session")
        self.assertIn("Allow site data for it", page.find("#sign-in").text)

    def test_H82_a_browser_without_room_for_the_session_says_so_and_keeps_no_other(self):
        page = self.open_page()
        self.assertFalse(page.find("#not-kept").is_displayed())
        old = page.run("return localStorage['approvekit-session']")
        page.run("""
            const set = Storage.prototype.setItem;
            Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
            location.hash = arguments[0];""", "sign-in=" + self.server.fresh_link().split("=")[1])
        wait_until(lambda: page.find("#not-kept").is_displayed(), "the page to say that it could not keep the session")
        self.assertNotIn(old, page.run("return Object.values(localStorage)"))
        self.record.plant_request("send_email")
        page.wait_for_card("send_email").press("approve")
        page.wait_for_entry("approved", "send_email")

    def test_a_reload_keeps_the_session(self):
        page = self.open_page()
        page.driver.refresh()
        page.wait_for_connection("live")
        self.assertEqual(page.find("#who").text, "reviewing as ada")

    def test_without_a_session_the_page_tells_how_to_get_in(self):
        self.record.plant_request("send_email")
        self.chromium.driver.get(self.server.address)
        self.wait_for_sign_in("Open a fresh link")
        text = self.chromium.driver.find_element(By.ID, "sign-in").text
        self.assertIn("Press Enter in the terminal where approvekit-web runs", text)
        self.assertNotIn("send_email", self.chromium.driver.find_element(By.TAG_NAME, "body").text)

    def test_a_link_that_does_not_fit_is_told_apart(self):
        self.chromium.driver.get(self.server.address + "/#sign-in=0123456789abcdef")
        self.wait_for_sign_in("This link is not valid here")
        self.assertEqual(self.chromium.driver.current_url, self.server.address + "/")

    def test_pasting_the_right_link_into_the_same_tab_opens_the_door(self):
        self.chromium.driver.get(self.server.address)
        self.wait_for_sign_in("Open a fresh link")
        Page(self.chromium, self.server)
        self.assertEqual(self.sign_in_title(), "")

    def test_after_a_restart_the_new_link_brings_everything_back_with_the_half_written_note(self):
        self.record.plant_request("send_email")
        page = self.open_page()
        card = page.wait_for_card("send_email")
        card.write("half a sentence")
        self.server.stop(signal.SIGKILL)
        page.wait_for_connection("lost")
        self.server.start(token="another-token-for-the-same-page")
        self.wait_for_sign_in("Your session has ended")
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
        self.wait_for_sign_in("Your session has ended")
        page.driver.switch_to.new_window("tab")
        self.addCleanup(page.driver.switch_to.window, first)
        self.addCleanup(page.driver.close)
        Page(self.chromium, self.server)
        page.driver.switch_to.window(first)
        page.wait_for_connection("live")
        self.assertEqual(self.sign_in_title(), "")
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
