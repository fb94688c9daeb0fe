"""Stops: put in force in a dialog with a reason, shown across the top, lifted with two presses."""

import signal

from browser_case import BrowserCase
from selenium.webdriver.common.action_chains import ActionChains
from waiting import wait_until


class Stop(BrowserCase):
    def stops(self):
        return self.record._read("SELECT * FROM approvekit_stops ORDER BY number")

    def line(self, page):
        return page.run("return [...document.querySelectorAll('#stops p')].map((one) => one.innerText)")

    def test_a_stop_takes_a_reason_and_stands_across_the_top_until_it_is_lifted(self):
        page = self.open_page()
        page.find("#stop").click()
        page.find("#stop-dialog [name=reason]").send_keys("wrong <b>recipients</b>")
        page.find("#stop-dialog [value=stop]").click()
        wait_until(lambda: self.line(page), "the stop to be shown")
        [stop] = self.stops()
        self.assertEqual((stop["tool"], stop["reason"], stop["way"]), ("*", "wrong <b>recipients</b>", "web"))
        self.assertIn("wrong <b>recipients</b>", self.line(page)[0])

        page.find("#stops button").click()
        self.expect_asked_only(page)
        page.find("#stops button").click()
        wait_until(lambda: not self.line(page), "the stop to go")
        self.assertEqual(self.stops()[0]["ended_way"], "web")

    def test_a_stop_whose_end_was_forged_stands_there_and_can_be_lifted(self):
        page = self.stopped_page()
        self.record._write("UPDATE approvekit_stops SET ended_at = since, ended_by = ?, ended_way = 'web'", ("mallory",))
        self.record.plant_request("send_email")
        page.wait_for_card("send_email")
        wait_until(lambda: "no entry records its end" in self.line(page)[0], "the page to say so")
        page.run("arguments[0].click()", page.find("#stops button"))
        page.run("arguments[0].click()", page.find("#stops button"))
        wait_until(lambda: not self.line(page), "the stop to go")
        self.assertEqual(len(self.record._read("SELECT seq FROM approvekit_audit WHERE event = 'lifted'")), 1)
        self.assertEqual(self.stops()[0]["ended_by"], "ada")

    def test_without_a_reason_nothing_is_stopped(self):
        page = self.open_page()
        page.find("#stop").click()
        page.find("#stop-dialog [value=stop]").click()
        self.assertTrue(page.run("return arguments[0].validity.valueMissing", page.find("#stop-dialog [name=reason]")))
        self.assertTrue(page.find("#stop-dialog").is_displayed())
        page.find("#stop-dialog [value=cancel]").click()
        wait_until(lambda: not page.find("#stop-dialog").is_displayed(), "the dialog to close")
        self.assertEqual(self.stops(), [])

    def stopped_page(self):
        page = self.open_page()
        page.find("#stop").click()
        page.find("#stop-dialog [name=reason]").send_keys("a test")
        page.find("#stop-dialog [value=stop]").click()
        wait_until(lambda: self.line(page), "the stop to be shown")
        return page

    def expect_asked_only(self, page):
        wait_until(lambda: page.find("#stops button").text == "Let it run again?", "the page to ask")
        self.record.plant_request("send_email")
        page.wait_for_card("send_email")  # everything that was sent before has been answered
        self.assertIsNone(self.stops()[0]["ended_at"])
        self.assertEqual(page.find("#stops button").text, "Let it run again?")

    def test_a_double_click_on_resume_only_asks(self):
        page = self.stopped_page()
        ActionChains(page.driver).double_click(page.find("#stops button")).perform()
        self.expect_asked_only(page)
        page.run("arguments[0].click()", page.find("#stops button"))
        wait_until(lambda: not self.line(page), "the stop to go")

    def test_a_key_that_is_held_down_on_resume_only_asks(self):
        page = self.stopped_page()
        page.run("arguments[0].focus()", page.find("#stops button"))
        enter = {"type": "keyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
        self.chromium.devtools("Input.dispatchKeyEvent", **enter)
        for _ in range(3):
            self.chromium.devtools("Input.dispatchKeyEvent", autoRepeat=True, **enter)
        self.chromium.devtools("Input.dispatchKeyEvent", **(enter | {"type": "keyUp"}))
        self.expect_asked_only(page)

    def test_who_is_signed_out_sees_no_stop_and_cannot_stop(self):
        page = self.stopped_page()
        self.server.stop(signal.SIGKILL)
        page.wait_for_connection("lost")
        self.server.start(token="another-token-for-the-same-page")
        wait_until(lambda: page.find("#sign-in").is_displayed(), "the page to ask for a link")
        self.assertFalse(page.find("#stops").is_displayed())
        self.assertFalse(page.find("#stop").is_displayed())
        page.driver.get(self.server.link)
        page.wait_for_connection("live")
        wait_until(lambda: self.line(page), "the stop to be shown again")
        self.assertTrue(page.find("#stop").is_displayed())
