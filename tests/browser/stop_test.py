"""Stops: put in force by a dialog with a reason, shown across the top, lifted by two presses."""

from browser_case import BrowserCase
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
        self.assertIsNone(self.stops()[0]["ended_at"])
        page.find("#stops button").click()
        wait_until(lambda: not self.line(page), "the stop to go")
        self.assertEqual(self.stops()[0]["ended_way"], "web")

    def test_without_a_reason_nothing_is_stopped(self):
        page = self.open_page()
        page.find("#stop").click()
        page.find("#stop-dialog [value=stop]").click()
        page.find("#stop-dialog [value=cancel]").click()
        wait_until(lambda: not page.find("#stop-dialog").is_displayed(), "the dialog to close")
        self.assertEqual(self.stops(), [])
