"""The list: its order, and that nothing moves under the pointer."""

from selenium.webdriver.common.action_chains import ActionChains

from agent import Agent
from browser_case import BrowserCase
from waiting import wait_until

COUNT_TICKS = """
    const every = window.setInterval;
    window.ticks = 0;
    window.setInterval = (work, pause) => every(() => { work(); ++window.ticks; }, pause);"""


class Order(BrowserCase):
    def hover(self, page, selector):
        ActionChains(page.driver).move_to_element(page.find(selector)).perform()

    def plant_many(self, count, **about):
        for number in range(count):
            self.record.plant_request(f"new_{number:03}", {"number": number}, **about)

    def test_what_ends_within_a_minute_comes_first_and_then_what_weighs_most(self):
        for risk in ("low", "critical", "medium"):
            self.record.plant_request(f"late_{risk}", risk_level=risk)
        for tool, timeout, risk in (("soon_low", 50, "low"), ("soon_high", 55, "high"), ("in_minutes", 200, "low")):
            self.addCleanup(Agent(self.server, tool, {}, timeout=timeout, risk_level=risk).close)
        page = self.open_page()
        page.wait_for_cards(6)
        wait_until(lambda: page.tools() == ["soon_high", "soon_low", "in_minutes", "late_critical", "late_medium", "late_low"],
                   "the order")
        self.assertEqual(page.find("#pressing").text, "2 end within a minute, 1 critical")
        self.assertTrue(page.cards()[0].is_open)

    def test_a_row_tells_risk_tool_what_tells_it_apart_who_asks_and_how_long_it_may_wait(self):
        for number in (1, 2):
            self.record.plant_request("send_email", {"body": "Dear all, " * 40, "copy": "none", "to": f"p{number}@example.org"})
        self.addCleanup(Agent(self.server, "deploy", {"to": "production"}, timeout=300, risk_level="high").close)
        page = self.open_page()
        page.wait_for_cards(3)
        row = page.wait_for_card("deploy")
        self.assertEqual((row.of_row("risk"), row.of_row("told")), ("high", "production"))
        self.assertIn("browser_test_agent", row.of_row("agent"))
        self.assertRegex(row.of_row("left"), r"^[45] min$")
        self.hover(page, ".bar")
        wait_until(lambda: sorted(card.of_row("told") for card in page.cards() if card.of_row("tool") == "send_email")
                   == ["p1@example.org \u00b7 none", "p2@example.org \u00b7 none"], "what differs to come first")
        self.assertEqual(row.row.size["height"], 36)

    def test_nothing_moves_when_200_requests_arrive_while_a_pointer_rests_on_approve(self):
        self.record.plant_request("first", {"to": "lin@example.org"})
        page = self.open_page()
        [card] = page.wait_for_cards(1)
        self.hover(page, ".card .approve")
        before = (card.box("approve"), card.box("view"), page.box(card.row))
        self.plant_many(200, risk_level="critical")
        page.wait_for_cards(201)
        self.assertEqual((card.box("approve"), card.box("view")), before[:2])
        self.assertEqual(page.run("return document.querySelector('.approve:hover') !== null"), True)
        self.assertTrue(card.is_open)
        ActionChains(page.driver).click().perform()
        card.wait_for_outcome("Approved by you")
        self.assertEqual(len(self.record.pending()), 200)

    def test_nothing_moves_in_the_list_while_a_pointer_or_the_focus_is_in_it(self):
        self.record.plant_request("first", risk_level="low")
        self.count_ticks()
        page = self.open_page()
        [card] = page.wait_for_cards(1)
        self.hover(page, ".row")
        place = page.box(card.row)
        self.plant_many(20, risk_level="critical")
        page.wait_for_cards(21)
        self.wait_a_tick(page)
        self.assertEqual((page.tools()[0], page.box(card.row)), ("first", place))
        self.assertEqual(page.find("#sort-in").text, "Sort in 20 new")
        page.run("arguments[0].focus()", card.line)
        self.hover(page, ".bar")
        self.wait_a_tick(page)
        self.assertEqual((page.tools()[0], page.box(card.row)), ("first", place))
        page.run("arguments[0].blur()", card.line)
        wait_until(lambda: page.tools()[-1] == "first", "the new ones to be sorted in")
        self.assertFalse(page.find("#sort-in").is_displayed())

    def count_ticks(self):
        """Applies to pages that are opened from now on."""
        watch = self.chromium.devtools("Page.addScriptToEvaluateOnNewDocument", source=COUNT_TICKS)["identifier"]
        self.addCleanup(self.chromium.devtools, "Page.removeScriptToEvaluateOnNewDocument", identifier=watch)

    def wait_a_tick(self, page):
        before = page.run("return ticks")
        wait_until(lambda: page.run("return ticks") > before, "the page to look at its list once more")

    def test_who_asks_for_order_gets_it_at_once(self):
        self.record.plant_request("first", risk_level="low")
        page = self.open_page()
        page.wait_for_cards(1)
        self.hover(page, ".row")
        self.record.plant_request("pressing", risk_level="critical")
        page.wait_for_card("pressing")
        page.find("#sort-in").click()
        self.assertEqual(page.tools(), ["pressing", "first"])

    def test_of_texts_that_begin_alike_a_row_tells_from_where_they_differ(self):
        for number in (203, 207):
            self.record.plant_request("run_sql", {"sql": f"UPDATE orders SET state = 1 WHERE id = {number}"})
        page = self.open_page()
        page.wait_for_cards(2)
        self.hover(page, ".bar")
        wait_until(lambda: [card.of_row("told") for card in page.cards()]
                   == ["\u2026WHERE id = 203", "\u2026WHERE id = 207"], "what differs")

    def test_the_filter_shows_what_fits_by_tool_agent_risk_and_text(self):
        self.record.plant_request("send_email", {"to": "lin@example.org"}, risk_level="high")
        self.record.plant_request("send_email", {"to": "ada@example.org"}, risk_level="low")
        self.addCleanup(Agent(self.server, "deploy", {"to": "production"}).close)
        page = self.open_page()
        page.wait_for_cards(3)
        choose = lambda name, index: page.run(
            "const one = document.getElementById(arguments[0]); one.selectedIndex = arguments[1];"
            "one.dispatchEvent(new Event('change'))", name, index)
        choose("filter-tool", 2)
        self.assertEqual(page.tools(), ["send_email", "send_email"])
        choose("filter-risk", 1)
        self.assertEqual(page.tools(), ["send_email"])
        choose("filter-risk", 0)
        choose("filter-tool", 0)
        choose("filter-agent", 2)
        self.assertEqual(page.tools(), ["deploy"])
        choose("filter-agent", 0)
        page.find("#filter-text").send_keys("ADA@")
        wait_until(lambda: page.tools() == ["send_email"], "the text to be looked for")
        page.find("#filter-text").send_keys(" nowhere")
        wait_until(lambda: page.find("#filter-none").is_displayed(), "word that nothing fits")

    def test_on_a_phone_list_and_request_come_one_after_the_other(self):
        self.record.plant_request("send_email", {"to": "lin@example.org"})
        self.chromium.resize(390, 800, touch=True)
        page = self.open_page()
        [card] = page.wait_for_cards(1)
        self.assertFalse(page.find(".detail").is_displayed())
        card.line.click()
        self.assertFalse(card.row.is_displayed())
        self.assertTrue(card.part("view").is_displayed())
        page.find("#back").click()
        self.assertTrue(card.row.is_displayed())

    def test_an_ended_row_stays_marked_while_a_hand_is_on_the_list(self):
        request_id = self.record.plant_request("first")
        self.record.plant_request("second")
        page = self.open_page()
        page.wait_for_cards(2)
        card = page.wait_for_card("first")
        self.hover(page, ".row")
        place = page.box(card.row)
        self.server.decide(request_id, "reject")
        wait_until(lambda: card.of_row("left") == "rejected", "the row to be marked")
        self.assertEqual(page.box(card.row), place)
