"""The audit trail on the page."""

from selenium.webdriver.common.by import By

from browser_case import BrowserCase
from waiting import wait_until

DAY = 86400


class Audit(BrowserCase):
    def test_an_empty_trail_says_so(self):
        page = self.open_page()
        page.show_record()
        wait_until(lambda: page.find("#trail-empty").text == "Nothing has been recorded yet.", "the trail to say so")

    def test_entries_come_newest_first_under_their_days(self):
        self.record.plant_audit("long_ago", age=3 * DAY)
        self.record.plant_audit("yesterday", age=DAY)
        self.record.plant_audit("today")
        page = self.open_page()
        page.wait_for_entry("today")
        self.assertEqual([entry.find_element(By.CSS_SELECTOR, ".entry-tool").text for entry in page.entries()],
                         ["today", "yesterday", "long_ago"])
        days = [day.text for day in page.find_all(".day-name")]
        self.assertEqual(days[:2], ["Today", "Yesterday"])
        self.assertRegex(days[2], r"^\w+day,? \d+ \w+ \d{4}$")

    def test_a_new_entry_appears_at_the_top_by_itself(self):
        self.record.plant_audit("earlier")
        page = self.open_page()
        page.wait_for_entry("earlier")
        self.server.decide(self.record.plant_request("later"), "reject")
        page.wait_for_entry("later")
        self.assertIn("later", page.entries()[0].text)

    def test_what_shows_it_is_loaded_only_then_and_again_where_it_could_not_be(self):
        self.record.plant_audit("earlier")
        page = self.open_page()
        loaded = "return performance.getEntriesByType('resource').filter((one) => one.name.includes('audit_view')).length"
        self.assertEqual(page.run(loaded), 0)
        self.chromium.devtools("Network.enable")
        self.addCleanup(self.chromium.devtools, "Network.disable")
        self.chromium.devtools("Network.setBlockedURLs", urls=["*/audit_view.js"])
        page.find("#view-record").click()
        wait_until(lambda: page.find("#notice").is_displayed(), "the page to say that it lost its server")
        self.chromium.devtools("Network.setBlockedURLs", urls=[])
        page.wait_for_entry("earlier")

    def test_older_entries_come_on_demand_each_once(self):
        for number in range(95):
            self.record.plant_audit(f"tool_{number:02}", age=100 - number)
        page = self.open_page()
        page.wait_for_entry("tool_94")
        self.assertEqual(len(page.entries()), 40)
        for expected in (80, 95):
            page.find("#trail-older").click()
            wait_until(lambda: len(page.entries()) == expected, f"{expected} entries")
        tools = [entry.find_element(By.CSS_SELECTOR, ".entry-tool").text for entry in page.entries()]
        self.assertEqual(tools, [f"tool_{number:02}" for number in reversed(range(95))])
        self.assertFalse(page.find("#trail-older").is_displayed())

    def test_an_entry_opens_to_its_arguments_and_its_place_in_the_record(self):
        self.record.plant_audit("read_record", {"id": 7}, notes="auto-approved by policy")
        page = self.open_page()
        entry = page.wait_for_entry("read_record")
        entry.find_element(By.CSS_SELECTOR, "summary").click()
        wait_until(lambda: "written by another program" in entry.text, "the entry's body")
        self.assertRegex(entry.text, r"id\s+7")

    def test_an_open_entry_stays_open_when_others_arrive(self):
        self.record.plant_audit("first")
        page = self.open_page()
        entry = page.wait_for_entry("first")
        entry.find_element(By.CSS_SELECTOR, "summary").click()
        self.server.decide(self.record.plant_request("second"), "reject")
        page.wait_for_entry("second")
        self.assertIsNotNone(entry.get_attribute("open"))

    def test_the_filter_shows_what_contains_the_words(self):
        self.record.plant_audit("send_email", notes="to the press")
        self.record.plant_audit("read_record")
        page = self.open_page()
        page.wait_for_entry("send_email")
        page.find("#trail-filter").send_keys("PRESS")
        wait_until(lambda: [entry.is_displayed() for entry in page.entries()].count(True) == 1, "one entry")
        page.find("#trail-filter").send_keys(" nothing")
        wait_until(lambda: "None of the 2 entries" in page.find("#trail-empty").text, "word that nothing fits")
