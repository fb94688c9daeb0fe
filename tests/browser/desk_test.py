"""The desk at work: sixty requests decided with keys only, and a thousand that wait."""

import time

from browser_case import BrowserCase
from waiting import wait_until

READING = 1.2
PATCH = "--- a/shop.py\n+++ b/shop.py\n@@ -1,2 +1,2 @@\n-price = 10\n+price = {0}\n"
SIX_KINDS = [
    ("send_email", "medium", lambda n: {"to": f"p{n}@example.org", "subject": f"Offer {n}", "body": "Dear customer,\n\nhello"}),
    ("pay", "high", lambda n: {"amount": 100 + n, "currency": "EUR", "iban": f"DE89 {n:04}"}),
    ("shell", "high", lambda n: {"command": f"df -h /srv/{n}"}),
    ("run_sql", "critical", lambda n: {"sql": f"UPDATE users\nSET active = 0\nWHERE id = {n};"}),
    ("apply_patch", "low", lambda n: {"patch": PATCH.format(n)}),
    ("import_rows", "low", lambda n: {"rows": [{"id": n, "name": "Ada"}, {"id": n + 1, "name": "Lin"}]}),
]


# Marks the first frame that contains a row.
FIRST_ROW = """
new MutationObserver((_, self) => {
  if (!document.querySelector(".row")?.checkVisibility()) return;
  self.disconnect();
  requestAnimationFrame(() => setTimeout(() => performance.mark("first-row")));
}).observe(document, { subtree: true, childList: true, attributes: true });"""


# Scrolls the list a few rows further. When that is on the screen, answers whether there is more to come.
SCROLL = """
const done = arguments[0];
const list = document.querySelector(".list-body");
list.scrollBy(0, 240);
requestAnimationFrame(() => setTimeout(() => done(list.scrollTop + list.clientHeight < list.scrollHeight - 1)));"""


class Desk(BrowserCase):
    def plant(self, count):
        return [self.record.plant_request(tool, args(number), risk_level=risk)
                for number in range(count) for tool, risk, args in [SIX_KINDS[number % 6]]]

    def opened(self, page):
        """Returns the open request: its tool and everything that is shown of it."""
        return page.run("""
            const card = document.querySelector(".card:not([hidden])");
            return [card.id, card.querySelector(".tool").textContent, card.querySelector("[data-slot=id]").textContent];""")

    def test_sixty_requests_of_six_kinds_are_decided_by_keys_alone(self):
        ids = self.plant(60)
        page = self.open_page()
        page.wait_for_cards(60)
        page.run("addEventListener('pointerdown', () => (window.hasPointed = true), true)")
        page.keys("j")
        opened, start = set(), time.monotonic()
        for _ in range(60):
            time.sleep(READING)  # a person reads
            card, tool, _ = self.opened(page)
            opened.add(card)
            page.keys("r" if tool == "run_sql" else "a")
        wait_until(lambda: not self.record.pending(), "all to be decided")
        took = time.monotonic() - start
        verdicts = {tool: {self.record.status(one) for one in ids if self.record.request(one)["tool_name"] == tool}
                    for tool, _, _ in SIX_KINDS}
        self.assertEqual(verdicts, {tool: {"rejected" if tool == "run_sql" else "approved"} for tool, _, _ in SIX_KINDS})
        self.assertEqual(len(opened), 60)
        self.assertIsNone(page.run("return window.hasPointed ?? null"))
        self.tell("sixty requests by keys alone, 1.2 s of reading each", took, "s", 120)
        self.assertLess(took, 120)

    def test_of_sixty_requests_that_hide_something_none_is_approved_before_it_was_opened(self):
        for number in range(6):
            self.record.plant_request("bash", {"command": "ls\n" * (40 + number) + "rm -rf /\n" + "ls\n" * 8})
        page = self.open_page()
        page.wait_for_cards(6)
        page.run("""
            window.bodies = [];
            const send = window.fetch;
            window.fetch = (path, options) => {
              if (options.method === "POST") bodies.push(JSON.parse(options.body).shown);
              return send(path, options);
            };""")
        for _ in range(6):
            for press in ("opens", "approves"):
                page.settle()
                if press == "approves":
                    self.assertIn("rm -rf /", page.find(".card:not([hidden]) .view").text)
                page.keys("a")
        wait_until(lambda: not self.record.pending(), "all to be approved")
        self.assertEqual(page.run("return bodies"), ["whole"] * 6)

    def test_the_first_of_a_thousand_is_on_the_screen_about_as_soon_as_the_first_of_ten(self):
        self.open_page()
        watch = self.chromium.devtools("Page.addScriptToEvaluateOnNewDocument", source=FIRST_ROW)["identifier"]
        self.addCleanup(self.chromium.devtools, "Page.removeScriptToEvaluateOnNewDocument", identifier=watch)
        self.plant(10)
        of_ten = self.soonest_first_row()
        self.plant(990)
        of_a_thousand = self.soonest_first_row()
        self.tell("the first of a thousand requests, after the page", of_a_thousand, "ms", 150)
        self.assertLess(of_a_thousand, 5 * of_ten)

    def soonest_first_row(self):
        """Returns the milliseconds from the loaded page to the first row on the screen, if nothing else delayed it."""
        times = []
        for _ in range(8):
            self.chromium.driver.refresh()
            times.append(wait_until(lambda: self.chromium.driver.execute_script("""
                const [row] = performance.getEntriesByName("first-row");
                const [load] = performance.getEntriesByType("navigation");
                return row && load.loadEventEnd ? Math.max(row.startTime - load.loadEventEnd, 1) : null;"""), "a row"))
        return min(times)

    def test_a_step_of_scrolling_through_a_thousand_rows_is_little_work_beside_their_opening(self):
        self.plant(1000)
        # The page's own work, which a busy machine does not stretch as it does the elapsed time.
        self.chromium.devtools("Performance.enable", timeDomain="threadTicks")
        self.addCleanup(self.chromium.devtools, "Performance.disable")
        before = self.work()
        page = self.open_page()
        page.wait_for_cards(1000)
        page.driver.execute_async_script("requestIdleCallback(arguments[0])")
        opening = self.work() - before
        longest = []
        for _ in range(3):  # a garbage collection may fall into one
            page.run("document.querySelector('.list-body').scrollTo(0, 0)")
            steps = self.scroll_through(page)
            self.assertGreater(len(steps), 100)
            longest.append(max(steps))
        self.tell("the longest step of scrolling through a thousand rows", 1000 * min(longest), "ms", 50)
        self.assertLess(min(longest), opening / 15, longest)

    def scroll_through(self, page):
        """Returns how long the page worked for each step from the first row to the last."""
        steps, before, is_more = [], self.work(), True
        while is_more:
            is_more = page.driver.execute_async_script(SCROLL)
            after = self.work()
            steps.append(after - before)
            before = after
        return steps

    def work(self):
        """Returns how many seconds all tasks of the page have worked so far."""
        metrics = self.chromium.devtools("Performance.getMetrics")["metrics"]
        return next(one["value"] for one in metrics if one["name"] == "TaskDuration")

    def test_the_page_weighs_less_than_150_kb(self):
        page = self.open_page()
        weight = page.run("""
            return performance.getEntriesByType("resource").filter((one) => !one.name.includes("/api/"))
              .concat(performance.getEntriesByType("navigation")).reduce((sum, one) => sum + one.decodedBodySize, 0);""")
        self.assertGreater(weight, 50000)
        self.assertLess(weight, 150000)
