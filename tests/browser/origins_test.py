"""Other sites can neither decide, read nor frame, although the browser is signed in all the time."""

import html

from selenium.webdriver.common.by import By

from browser_case import BrowserCase
from chromium import FOREIGN_HOST
from foreign_site import ForeignSite
from waiting import wait_until


class Origins(BrowserCase):
    def setUp(self):
        super().setUp()
        self.request_id = self.record.plant_request("delete_records")
        self.open_page().wait_for_cards(1)
        self.driver = self.chromium.driver

    def visit(self, page):
        site = ForeignSite({"/": page})
        self.addCleanup(site.close)
        self.driver.get(site.address)

    def approve_address(self, host=None):
        address = self.server.address if host is None else f"http://{host}:{self.server.port}"
        return f"{address}/api/requests/{self.request_id}/approve"

    def assert_still_pending(self):
        self.assertEqual(self.record.status(self.request_id), "pending")
        decisions = [entry["decision"] for entry in self.server.call("/api/audit")["audit"]]
        self.assertEqual(decisions, [])

    def test_H3_another_origin_cannot_decide_with_fetch(self):
        self.visit("<title>foreign</title>")
        for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/json"):
            with self.subTest(content_type=content_type):
                answer = self.driver.execute_async_script("""
                    const [address, type, done] = arguments;
                    fetch(address, {method: "POST", mode: "no-cors", credentials: "include",
                                    headers: {"Content-Type": type}, body: '{"notes":"foreign"}'})
                      .then(() => done("answered"), () => done("kept back"));""", self.approve_address(), content_type)
                self.assertEqual(answer, "kept back")
                self.assert_still_pending()

    def test_H3_another_origin_cannot_decide_with_a_preflighted_fetch(self):
        self.visit("<title>foreign</title>")
        refused = self.driver.execute_async_script("""
            const [address, token, done] = arguments;
            fetch(address, {method: "POST", credentials: "include",
                            headers: {"Content-Type": "application/json", "Authorization": `Bearer ${token}`}, body: "{}"})
              .then(() => done(false), () => done(true));""", self.approve_address(), self.server.token)
        self.assertTrue(refused)
        self.assert_still_pending()

    def test_H3_another_origin_cannot_decide_with_a_form(self):
        for encoding in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            with self.subTest(encoding=encoding):
                self.visit(f"""<form method="post" enctype="{encoding}" action="{html.escape(self.approve_address())}">
                    <input name='{{"notes":"' value='"}}'><button>Win a prize</button></form>""")
                self.driver.find_element(By.TAG_NAME, "button").click()
                wait_until(lambda: '"error"' in self.driver.page_source, "the refusal")
                self.assert_still_pending()

    def test_H4_a_foreign_host_name_that_leads_here_gets_nothing(self):
        for path in ("/", "/main.js", "/api/requests", "/api/audit", "/api/session"):
            with self.subTest(path=path):
                self.driver.get(f"http://{FOREIGN_HOST}:{self.server.port}{path}")
                self.assertIn("wrong_host", self.driver.page_source)
                self.assertNotIn("delete_records", self.driver.page_source)

    def test_H4_a_page_of_a_foreign_host_name_cannot_decide(self):
        self.driver.get(f"http://{FOREIGN_HOST}:{self.server.port}/")
        status = self.driver.execute_async_script("""
            const [address, token, done] = arguments;
            fetch(address, {method: "POST", headers: {"Content-Type": "application/json",
                            "Authorization": `Bearer ${token}`}, body: "{}"})
              .then((answer) => done(answer.status), () => done("refused"));""",
            self.approve_address(FOREIGN_HOST), self.server.token)
        self.assertIn(status, (421, "refused"))
        self.assert_still_pending()

    def test_H6_framed_by_another_origin_the_page_is_not_shown(self):
        self.visit(f'<iframe src="{html.escape(self.server.address)}/" width="900" height="700"></iframe>')
        self.driver.switch_to.frame(self.driver.find_element(By.TAG_NAME, "iframe"))
        wait_until(lambda: self.driver.execute_script("return document.readyState") == "complete", "the frame")
        self.assertEqual(self.driver.find_elements(By.ID, "desk"), [])
        self.assertNotIn("delete_records", self.driver.page_source)
        self.driver.switch_to.default_content()

    def test_no_inline_script_or_style_can_run_on_the_page(self):
        page = self.open_page()
        page.run("""
            const style = document.createElement("style");
            style.textContent = "body { display: none }";
            document.head.append(style);
            document.body.setAttribute("style", "display: none");""")
        self.assertEqual(page.run("return getComputedStyle(document.body).display"), "flex")
        blocked = page.run("""
            try { document.body["inner" + "HTML"] = "<b>x</b>"; return false; } catch (error) { return true; }""")
        self.assertTrue(blocked)
