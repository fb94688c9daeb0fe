"""The page under a path, as behind a proxy."""

from browser_case import BrowserCase
from waiting import wait_until


class BasePath(BrowserCase):
    def setUp(self):
        super().setUp()
        self.server.stop()
        self.server.start(options=("--base-path", "/approvals/"))

    def test_everything_of_the_page_is_under_the_path(self):
        self.record.plant_request("send_email")
        page = self.open_page()
        self.assertEqual(page.driver.current_url, f"http://127.0.0.1:{self.server.port}/approvals/")
        page.wait_for_card("send_email").press("approve")
        page.wait_for_entry("approved", "send_email")
        page.find("#show-alerts").click()
        wait_until(lambda: page.find_all("#alerts[open]"), "the alerts to open")
        addresses = page.run("return performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)")
        self.assertGreater(len(addresses), 30)
        self.assertEqual([one for one in addresses if not one.startswith("/approvals/")], [])
        self.assertIn("/approvals/audit.css", addresses)
        self.assertEqual(self.chromium.console(), [])

    def test_the_icon_follows_what_waits(self):
        page = self.open_page()
        self.record.plant_request("send_email")
        page.wait_for_card("send_email")
        wait_until(lambda: page.run("return icon.href").endswith(":%d/approvals/icon_waiting.svg" % self.server.port),
                   "the icon to tell")

    def test_the_path_without_its_slash_leads_to_the_page_and_keeps_the_link(self):
        driver = self.chromium.driver
        driver.get(self.server.link.replace("/#", "#"))
        wait_until(lambda: driver.execute_script("return document.body.dataset.connection") == "live", "the page")
        self.assertTrue(driver.current_url.endswith("/approvals/"), driver.current_url)

    def test_H178_what_is_kept_bears_the_path_since_other_paths_share_the_storage(self):
        page = self.open_page()
        self.assertEqual(page.run("return Object.keys(localStorage)"), ["approvekit-session/approvals"])
        page.run("localStorage.setItem('approvekit-session', 'of another server')")
        page.driver.refresh()
        page.wait_for_connection("live")
        self.assertEqual(page.run("return localStorage['approvekit-session']"), "of another server")
