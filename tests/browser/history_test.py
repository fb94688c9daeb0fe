"""The history: every call in one row, found, counted, exported, and at its own address."""

import json
import time

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from agent import Agent
from browser_case import BrowserCase
from page import Page
from waiting import wait_until

DAY = 86400
ALLOWED = {"require_approval": False, "auto_approve": True}


class HistoryPage(Page):
    """Opens the page with its history."""

    def show_history(self):
        self.show("history", "#history")

    def lines(self):
        """Returns the texts of the rows, the newest first."""
        return self.run("return [...document.querySelectorAll('#history .entries > section > ol > li')].map((one) => one.innerText.replace(/\\s+/g, ' '))")

    def wait_for_lines(self, count):
        wait_until(lambda: len(self.lines()) == count, f"{count} rows")
        return self.lines()

    def count(self):
        return self.find(".history-count").text

    def wait_for_count(self, text):
        wait_until(lambda: self.count() == text, f"the count to be {text}")

    def choose(self, name, value):
        self.run("""
            const field = document.querySelector(`#history [name=${arguments[0]}]`);
            field.value = arguments[1];
            field.dispatchEvent(new Event("input", { bubbles: true }));""", name, value)


class History(BrowserCase):
    def open_history(self):
        page = HistoryPage(self.chromium, self.server)
        page.show_history()
        return page

    def decided(self, tool, verdict="reject", notes="", args=None, **metadata):
        request = self.record.plant_request(tool, args or {}, **metadata)
        self.server.decide(request, verdict, notes)
        return request

    def run_agent(self, tool, args=None, **rule):
        agent = Agent(self.server, tool, args or {}, **rule)
        self.addCleanup(agent.close)
        return agent.answer()

    def test_an_empty_history_says_so(self):
        page = self.open_history()
        wait_until(lambda: page.find("#history .trail-empty").text == "No call is on record yet.", "the history to say so")

    def test_each_call_is_one_row_and_those_that_nobody_was_asked_about_are_one_together(self):
        for number in range(3):
            self.assertEqual(self.run_agent("read_record", {"id": number}, **ALLOWED), "done")
        self.decided("send_email", notes="not to him", args={"to": "lin@example.org"})
        self.run_agent("read_record", {"id": 9}, **ALLOWED)
        page = self.open_history()
        single, asked, folded = page.wait_for_lines(3)
        self.assertIn("executed read_record", single)
        self.assertIn("rejected send_email", asked)
        self.assertIn("lin@example.org", asked)
        self.assertIn("not to him", asked)
        self.assertIn("3 calls that the policy allowed", folded)
        self.assertIn("read_record 3", folded)
        page.wait_for_count("5 calls")
        page.find("#history .fold-calls > summary").click()
        wait_until(lambda: len(page.find_all("#history .fold-calls .call")) == 3, "the calls of the row")

    def test_calls_are_found_by_what_the_form_says_and_the_address_keeps_it(self):
        self.decided("send_email", notes="never", args={"to": "Ann@example.org"}, risk_level="high")
        self.decided("drop_table", "approve", args={"table": "customers"})
        self.record.plant_audit("long_ago", age=3 * DAY)
        page = self.open_history()
        page.wait_for_lines(3)
        for name, value, tools in [("text", "ANN@", ["send_email"]), ("tool", "drop_table", ["drop_table"]),
                                   ("reviewer", "ada", ["drop_table", "send_email"]), ("status", "rejected", ["send_email"]),
                                   ("risk", "high", ["send_email"]), ("text", "no such words", [])]:
            page.choose(name, value)
            wait_until(lambda: [line.split()[2] for line in page.lines()] == tools, f"{name} to find {tools}")
            page.wait_for_count(f"{len(tools)} {'call' if len(tools) == 1 else 'calls'}")
            page.choose(name, "")
            page.wait_for_lines(3)
        today = time.strftime("%Y-%m-%d")
        page.choose("since", today)
        page.choose("status", "rejected")
        page.wait_for_lines(1)
        self.assertEqual(page.path(), f"/history?status=rejected&since={today}")
        page.driver.refresh()
        page.wait_for_lines(1)
        self.assertEqual(page.find("#history [name=status]").get_property("value"), "rejected")

    def test_a_row_leads_to_the_whole_call_and_back_to_where_one_was(self):
        for number in range(30):
            self.decided(f"tool_{number:02}", args={"number": number}, notes=f"note {number}")
        page = self.open_history()
        page.wait_for_lines(30)
        row = page.find_all("#history .call")[25]
        page.run("arguments[0].scrollIntoView()", row)
        row.click()
        wait_until(lambda: "tool_04" in page.find("#call-title").text, "the call")
        self.assertRegex(page.path(), r"^/requests/[0-9a-f-]+$")
        body = page.find("#call").text
        for words in ("rejected", "note 4", "by ada", "number", "On record"):
            self.assertIn(words, body)
        page.keys(Keys.ESCAPE)
        wait_until(lambda: page.find("#history").is_displayed(), "the history again")
        self.assertEqual(page.path(), "/history")
        wait_until(lambda: page.run("return document.activeElement === arguments[0]", row), "the focus on its row")

    def test_a_call_that_the_policy_allowed_has_an_address_too(self):
        self.run_agent("read_record", {"id": 7}, **ALLOWED)
        page = self.open_history()
        page.wait_for_lines(1)
        page.find("#history .call").click()
        wait_until(lambda: page.find_all("#call-title") and "read_record" in page.find("#call-title").text, "the call")
        self.assertRegex(page.path(), r"^/calls/\d+$")
        self.assertIn("by the policy", page.find("#call").text)
        page.driver.refresh()
        wait_until(lambda: page.find_all("#call-title") and "read_record" in page.find("#call-title").text, "the call after a reload")

    def test_what_a_tool_threw_stands_with_its_call(self):
        agent = Agent(self.server, "pay", {"amount": 5}, error="no money left")
        self.addCleanup(agent.close)
        page = self.open_page()
        page.wait_for_card("pay").press("approve")
        agent.answer()
        request = self.server.call("/api/requests?status=approved")["requests"][0]
        page.driver.get(f"{self.server.address}/requests/{request['id']}")
        wait_until(lambda: page.find_all("#call-title") and "failed" in page.find("#call-title").text, "the call")
        text = page.find("#call").text
        self.assertIn("How it failed", text)
        self.assertIn("no money left", text)
        self.assertIn("whole", text)  # what was on the screen

    def test_the_address_of_a_request_that_waits_leads_to_it_in_the_list(self):
        self.record.plant_request("other")
        request = self.record.plant_request("send_email")
        page = self.open_page()
        page.wait_for_cards(2)
        page.driver.get(f"{self.server.address}/requests/{request}")
        wait_until(lambda: page.path() == "/", "the list")
        wait_until(lambda: page.run("return document.querySelector('.card:not([hidden]) .tool')?.textContent") == "send_email",
                   "the request")
        link = page.find(".card:not([hidden]) [data-slot=address]").get_attribute("href")
        self.assertTrue(link.endswith(f"/requests/{request}"), link)

    def test_an_address_of_nothing_says_so(self):
        page = self.open_page()
        for path in ("/requests/none-of-them", "/calls/12345", "/calls/x", "/requests/%E0%A4%A"):
            page.driver.get(self.server.address + path)
            wait_until(lambda: page.find_all("#call-title") and page.find("#call-title").text == "Nothing is on record of it",
                       f"{path} to say so")

    def test_nothing_moves_when_calls_come_and_they_are_offered(self):
        self.decided("earlier")
        page = self.open_history()
        page.wait_for_lines(1)
        self.decided("later")
        wait_until(lambda: page.find("#history .wide").is_displayed(), "the offer")
        self.assertEqual(len(page.lines()), 1)
        page.find("#history .wide").click()
        self.assertIn("later", page.wait_for_lines(2)[0])

    def test_a_call_by_a_grant_is_offered_where_routine_calls_are_not(self):
        for number in range(2):
            self.run_agent("read_record", {"id": number}, **ALLOWED)
        page = self.open_history()
        page.wait_for_lines(1)
        page.run("""
            window.looks = 0;
            window.way = "policy";
            const send = window.fetch;
            window.fetch = async (path, options) => {
              const answer = await send(path, options);
              if (!/\\/api\\/calls\\?.*limit=1(&|$)/.test(path)) return answer;
              looks += 1;
              return new Response((await answer.text()).replaceAll('"way":"policy"', `"way":"${way}"`), answer);
            };""")
        self.run_agent("read_record", {"id": 2}, **ALLOWED)
        wait_until(lambda: page.run("return looks") > 0, "the page to look")
        self.assertFalse(page.find("#history .wide").is_displayed())
        page.run("way = 'grant'")
        self.run_agent("read_record", {"id": 3}, **ALLOWED)
        wait_until(lambda: page.find("#history .wide").is_displayed(), "the offer")

    def test_a_filter_that_the_server_does_not_take_says_so_and_the_page_stays_connected(self):
        self.decided("send_email")
        page = self.open_history()
        page.wait_for_lines(1)
        for name, value, words in (("since", "20266-01-31", "a time in UTC"), ("text", "x" * 3000, "too long")):
            page.choose(name, value)
            wait_until(lambda: words in page.find("#history .trail-empty").text, f"{name} to be refused")
            self.assertEqual(page.lines(), [])
            self.assertEqual(page.connection(), "live")
            page.choose(name, "")
            page.wait_for_lines(1)

    def test_a_filter_that_is_too_long_for_an_address_is_not_put_there(self):
        self.decided("send_email")
        page = self.open_history()
        page.choose("tool", "send_email")
        wait_until(lambda: page.path() == "/history?tool=send_email", "the filter to stand in the address")
        page.choose("text", "\u00e4" * 400)
        wait_until(lambda: "too long" in page.find("#history .trail-empty").text, "the filter to be refused")
        self.assertEqual(page.path(), "/history?tool=send_email")
        page.driver.refresh()
        page.wait_for_lines(1)
        self.assertEqual(page.find("#history [name=text]").get_property("value"), "")

    def test_whoever_leaves_while_typing_stays_where_they_went(self):
        self.decided("send_email")
        page = self.open_history()
        page.wait_for_lines(1)
        page.driver.execute_async_script("""
            const [done] = arguments;
            const field = document.querySelector("#history [name=text]");
            field.value = "send";
            field.dispatchEvent(new Event("input", { bubbles: true }));
            document.querySelector("#view-queue").click();
            setTimeout(done, 400);  // behind that of the field""")
        self.assertEqual(page.path(), "/")

    def test_older_calls_come_on_demand(self):
        for number in range(60):
            self.record.plant_audit(f"tool_{number:02}", age=100 - number)
        page = self.open_history()
        page.wait_for_lines(50)
        page.wait_for_count("60 calls")
        page.find_all("#history > .wide")[-1].click()
        lines = page.wait_for_lines(60)
        self.assertIn("tool_59", lines[0])
        self.assertIn("tool_00", lines[-1])

    def test_older_calls_that_come_late_are_not_among_those_of_another_filter(self):
        for number in range(60):
            self.record.plant_audit(f"tool_{number:02}", age=100 - number)
        page = self.open_history()
        page.wait_for_lines(50)
        page.wait_for_count("60 calls")
        page.run("""
            const send = window.fetch;
            window.fetch = async (path, options) => {
              const answer = await send(path, options);
              if (path.includes("/api/calls?") && path.includes("cursor=")) await new Promise((done) => (window.letGo = done));
              return answer;
            };""")
        page.find_all("#history > .wide")[-1].click()
        wait_until(lambda: page.run("return Boolean(window.letGo)"), "the older calls to be on their way")
        page.choose("tool", "tool_59")
        page.wait_for_lines(1)
        page.wait_for_count("1 call")
        page.run("letGo()")
        wait_until(lambda: page.run("return !document.querySelector('#history > .wide:last-child').disabled"), "the older calls")
        self.assertEqual(len(page.lines()), 1)
        self.assertFalse(page.find_all("#history > .wide")[-1].is_displayed())

    def test_what_is_filtered_is_exported(self):
        self.decided("send_email")
        self.decided("drop_table")
        page = self.open_history()
        page.choose("tool", "drop_table")
        page.wait_for_lines(1)
        page.run("""
            window.saved = [];
            const makeUrl = URL.createObjectURL;
            let blob;
            URL.createObjectURL = (made) => makeUrl.call(URL, (blob = made));
            HTMLAnchorElement.prototype.click = function () { blob.text().then((text) => saved.push([this.download, text])); };""")
        for button in page.find_all("#history .exports button"):
            button.click()
        saved = dict(wait_until(lambda: page.run("return saved.length === 2 && saved"), "both exports"))
        self.assertEqual([json.loads(line)["decision"]["tool_name"] for line in saved["calls.jsonl"].splitlines()], ["drop_table"])
        self.assertEqual(len(saved["calls.csv"].splitlines()), 2)
        self.assertEqual(self.chromium.console(), [])

    def test_keys_go_through_the_rows_and_to_the_text(self):
        for number in range(3):
            self.decided(f"tool_{number}")
        page = self.open_history()
        page.wait_for_lines(3)
        page.keys("j", "j")
        self.assertIn("tool_1", page.run("return document.activeElement.innerText"))
        page.keys("k")
        self.assertIn("tool_2", page.run("return document.activeElement.innerText"))
        page.keys("/", "jk")
        self.assertEqual(page.run("return document.activeElement.name + document.activeElement.value"), "textjk")
        page.wait_for_lines(0)

    def test_hostile_words_in_a_call_are_text(self):
        hostile = "<img src=x onerror=window.hacked=1>\u202e"
        self.decided(hostile, notes=hostile, args={hostile: hostile})
        page = self.open_history()
        page.wait_for_lines(1)
        page.find("#history .call").click()
        wait_until(lambda: page.find_all("#call .members"), "the call")
        self.assertIn("<img src=x", page.find("#call-title").text)
        self.assertEqual(page.find_all("#history img, #call img"), [])
        self.assertIsNone(page.run("return window.hacked ?? null"))
        self.assertEqual(self.chromium.console(), [])

    def test_a_call_that_was_refused_again_and_again_says_that_not_all_of_it_is_shown(self):
        request = self.decided("pay")
        page = self.open_history()
        page.wait_for_lines(1)
        page.find("#history .call").click()
        wait_until(lambda: page.find_all("#call .story li"), "the call")
        self.assertNotIn("left out", page.find("#call").text)
        for _ in range(250):
            self.record.plant_audit("pay", decision="refused", request_id=request)
        page.driver.refresh()
        wait_until(lambda: len(page.find_all("#call .story li")) == 200, "the newest entries")
        self.assertIn("Older entries are left out here", page.find("#call").text)

    def test_a_call_without_a_request_says_how_many_entries_of_it_are_not_shown(self):
        self.record.plant_audit("pay")
        page = self.open_history()
        page.wait_for_lines(1)
        page.run("""
            const send = window.fetch;
            window.fetch = async (path, options) => {
              const answer = await send(path, options);
              if (!/calls\\/\\d/.test(path)) return answer;
              return new Response((await answer.text()).replace('"others":[]', '"others":[],"others_left_out":1200'), answer);
            };""")
        page.find("#history .call").click()
        wait_until(lambda: "1,200 older entries are left out here" in page.find("#call").text, "the number of the others")

    def test_its_parts_are_loaded_when_it_is_opened(self):
        page = self.open_page()
        loaded = "return performance.getEntriesByType('resource').filter((one) => /past|history|audit|chart/.test(one.name)).length"
        self.assertEqual(page.run(loaded), 0)

    def test_all_of_it_is_under_a_base_path(self):
        self.server.stop()
        self.server.start(options=("--base-path", "/approvals/"))
        request = self.decided("send_email")
        page = self.open_history()
        page.wait_for_lines(1)
        page.find("#history .call").click()
        wait_until(lambda: page.path() == f"/approvals/requests/{request}", "the address of the call")
        page.driver.refresh()
        wait_until(lambda: page.find_all("#call-title") and "send_email" in page.find("#call-title").text, "the call after a reload")
        addresses = page.run("return performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)")
        self.assertEqual([one for one in addresses if not one.startswith("/approvals/")], [])
