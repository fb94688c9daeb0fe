"""The overview: how the record was reviewed, in charts and in tables."""

from selenium.webdriver.common.by import By

from browser_case import BrowserCase
from waiting import wait_until


class Overview(BrowserCase):
    def open_overview(self):
        page = self.open_page()
        page.show("overview", "#overview")
        wait_until(lambda: page.find_all("#overview .overview > *"), "the overview")
        return page

    def decide_some(self):
        for number in range(5):
            request = self.record.plant_request("send_email" if number < 4 else "drop_table")
            self.server.decide(request, "approve" if number < 4 else "reject")

    def test_an_empty_record_says_so(self):
        page = self.open_overview()
        self.assertEqual(page.find("#overview .trail-empty").text, "Nothing is recorded for this time.")

    def test_pictures_have_their_figures_beside_them(self):
        self.decide_some()
        page = self.open_overview()
        text = page.find("#overview .key-figures").text
        self.assertIn("4 of 4", text)  # all within a second
        titles = [head.text for head in page.find_all("#overview h3")]
        self.assertEqual(titles, ["What was asked, by day", "Time to decide, by tool", "Time to decide, by reviewer",
                                  "Asked most, and never rejected"])
        for part in page.find_all("#overview .beside"):
            [chart] = part.find_elements(By.CSS_SELECTOR, "svg[role=img]")
            self.assertTrue(chart.get_attribute("aria-label"))
            self.assertEqual(len(part.find_elements(By.CSS_SELECTOR, "table")), 1)
        days = page.find("#overview table").text
        self.assertRegex(days, r"\d{4}-\d\d-\d\d 5 4 1 0 0 0 0 0")
        self.assertIn("send_email", page.find_all("#overview table")[1].text)
        self.assertIn("ada", page.find_all("#overview table")[2].text)

    def test_the_columns_are_as_high_as_what_they_count(self):
        self.decide_some()
        page = self.open_overview()
        heights = {name: float(page.find(f"#overview rect.chart-{name}").get_attribute("height")) for name in ("approved", "rejected")}
        self.assertAlmostEqual(heights["approved"] / heights["rejected"], 4, places=3)

    def test_the_period_is_chosen_and_part_of_the_address(self):
        self.decide_some()
        page = self.open_overview()
        page.run("""
            const field = document.querySelector("#overview select");
            field.value = "";
            field.dispatchEvent(new Event("change"));""")
        wait_until(lambda: page.run("return location.search") == "?days=", "the address to tell")
        page.driver.refresh()
        wait_until(lambda: page.find_all("#overview .key-figures"), "the overview after a reload")
        self.assertEqual(page.find("#overview select").get_property("value"), "")

    def test_an_address_with_another_period_shows_the_usual_one_and_the_page_stays_connected(self):
        self.decide_some()
        page = self.open_page()
        for days in ("soon", "-1", "1e300", "31"):
            page.driver.get(f"{self.server.address}/overview?days={days}")
            wait_until(lambda: page.find_all("#overview .key-figures"), f"the overview of {days} days")
            self.assertEqual(page.find("#overview select").get_property("value"), "30")
            page.wait_for_connection("live")

    def test_hostile_names_in_pictures_are_text(self):
        hostile = "</title><img src=x onerror=window.hacked=1>"
        self.server.decide(self.record.plant_request(hostile), "approve")
        page = self.open_overview()
        self.assertIn("</title>", page.find("#overview").text)
        self.assertEqual(page.find_all("#overview img"), [])
        self.assertIsNone(page.run("return window.hacked ?? null"))

    def test_it_fits_a_phone(self):
        self.decide_some()
        self.chromium.resize(390, 800, touch=True)
        page = self.open_overview()
        wide = page.run("""
            return [...document.querySelectorAll("#overview, #overview *")].filter((one) => !one.closest(".table-frame table, svg") && one.getBoundingClientRect().right > innerWidth + 1).length;""")
        self.assertEqual(wide, 0)
        self.assertEqual(page.run("return document.documentElement.scrollHeight > innerHeight"), False)
        self.assertEqual(page.run("return document.documentElement.scrollWidth > innerWidth"), False)
