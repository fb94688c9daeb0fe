"""The desk with keys only: what each does, what can be undone, and that no key typed into a text field decides."""

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from agent import Agent
from browser_case import BrowserCase
from waiting import wait_until


class KeysOfTheDesk(BrowserCase):
    def open_with(self, *tools, **about):
        self.ids = [self.record.plant_request(tool, {"number": number}, **about) for number, tool in enumerate(tools)]
        page = self.open_page()
        page.wait_for_cards(len(tools))
        return page

    def opened(self, page):
        return next((card.of_row("tool") for card in page.cards() if card.is_open), None)

    def statuses(self):
        return [self.record.status(request_id) for request_id in self.ids]

    def assert_nothing_is_decided(self, page):
        """Nothing is decided while a decision by key would be held, or shortly after. Only time can show that."""
        page.driver.execute_async_script("setTimeout(arguments[0], 4500)")
        self.assertEqual(set(self.statuses()), {"pending"})

    def test_j_and_k_go_through_the_list_and_open_what_they_come_to(self):
        page = self.open_with("first", "second", "third")
        self.assertEqual(self.opened(page), "first")
        page.keys("j", "j", "j")
        self.assertEqual(self.opened(page), "third")
        page.keys("k")
        self.assertEqual(self.opened(page), "second")
        self.assertTrue(page.run("return document.activeElement.getAttribute('aria-current') === 'true'"))

    def test_enter_goes_into_the_request_and_escape_back_to_its_row(self):
        page = self.open_with("first")
        page.keys("j", Keys.ENTER)
        self.assertTrue(page.run("return document.activeElement.matches('.card .body')"))
        page.keys(Keys.ESCAPE)
        self.assertTrue(page.run("return document.activeElement.matches('.line')"))

    def test_a_decision_by_key_is_held_the_next_request_opens_and_then_it_is_sent(self):
        page = self.open_with("first", "second")
        page.settle()
        page.keys("a")
        self.assertEqual(self.opened(page), "second")
        self.assertEqual(page.find("#held").text.split("\n")[0], "Approving first")
        self.assertEqual(self.statuses(), ["pending", "pending"])
        wait_until(lambda: self.statuses() == ["approved", "pending"], "the decision to be sent")
        self.assertFalse(page.find("#held").is_displayed())

    def test_u_takes_back_the_latest_and_opens_it_again(self):
        page = self.open_with("first", "second", "third")
        page.settle()
        page.keys("r")
        page.settle()
        page.keys("a", "u")
        self.assertEqual(self.opened(page), "second")
        wait_until(lambda: self.statuses() == ["rejected", "pending", "pending"], "the first to be sent, and it alone")
        page.driver.execute_async_script("setTimeout(arguments[0], 1000)")  # only time can show that nothing follows
        self.assertEqual(self.statuses(), ["rejected", "pending", "pending"])

    def test_undo_is_on_the_screen_and_covers_no_button_in_windows_of_any_width_and_for_names_of_any_length(self):
        self.ids = [self.record.plant_request("\u202e" * 5000), self.record.plant_request("second")]
        for width in (1280, 700, 390):
            with self.subTest(width=width):
                self.chromium.resize(width, 800)
                page = self.open_page()
                page.wait_for_cards(2)
                page.keys("j")
                page.settle()
                page.keys("r")
                held, undo, foot = (page.box(page.find(one)) for one in ("#held", "#held .action", ".card:not([hidden]) .foot"))
                self.assertTrue(page.find("#held .action").is_displayed())
                self.assertLess(held[3], 120)
                self.assertLessEqual(undo[1] + undo[3], 800)
                self.assertTrue(held[0] + held[2] <= foot[0] or foot[1] + foot[3] <= held[1])
                page.keys("u")
                self.assertFalse(page.find("#held").is_displayed())
        self.assert_nothing_is_decided(page)

    def test_who_leaves_the_page_has_decided(self):
        page = self.open_with("first")
        page.settle()
        page.keys("a")
        page.run("for (let id = 0; id < 100000; ++id) clearTimeout(id);")  # the time that it is held never ends
        page.driver.switch_to.new_window("tab")
        wait_until(lambda: self.statuses() == ["approved"], "the decision to be sent")
        page.driver.close()
        page.driver.switch_to.window(page.driver.window_handles[0])

    def test_when_time_is_short_nothing_is_held(self):
        page = self.open_page()
        agent = Agent(self.server, "deploy", {"to": "production"}, timeout=15)
        self.addCleanup(agent.close)
        page.wait_for_card("deploy").element
        page.settle()
        page.keys("a")
        self.assertFalse(page.find("#held").is_displayed())
        self.assertEqual(agent.answer(), "done")

    def test_how_long_is_told_by_the_time_left(self):
        page = self.open_page()
        pauses = page.module("held_decisions.js", "return [NaN, 60000, 17000, 15000, 1000].map(module.pauseFor);")
        self.assertEqual(pauses, [4000, 4000, 2000, 0, 0])

    def test_a_request_that_changes_while_its_decision_is_held_is_not_decided(self):
        page = self.open_with("first")
        page.settle()
        page.keys("a")
        self.record.rewrite_args(self.ids[0], {"number": 99})
        page.find("#refresh").click()
        card = page.cards()[0]
        wait_until(lambda: "has changed" in card.text("caution"), "word of the change")
        self.assertFalse(page.find("#held").is_displayed())
        self.assert_nothing_is_decided(page)

    def test_a_key_opens_first_what_was_not_seen_and_approves_at_the_next_press(self):
        self.ids = [self.record.plant_request("bash", {"command": "ls\n" * 40 + "rm -rf /\n" + "ls\n" * 8})]
        page = self.open_page()
        [card] = page.wait_for_cards(1)
        page.settle()
        page.keys("a")
        self.assertIn("Not seen yet: 34 lines", card.text("message"))
        page.settle()
        page.keys("a")
        wait_until(lambda: self.statuses() == ["approved"], "the approval")

    def test_a_key_that_is_held_down_decides_nothing_more_and_none_counts_at_once_for_the_next(self):
        page = self.open_with("first", "second")
        page.settle()
        key = {"type": "keyDown", "key": "a", "code": "KeyA", "windowsVirtualKeyCode": 65, "text": "a"}
        self.chromium.devtools("Input.dispatchKeyEvent", **key)
        for _ in range(20):
            self.chromium.devtools("Input.dispatchKeyEvent", autoRepeat=True, **key)
        page.settle()
        self.chromium.devtools("Input.dispatchKeyEvent", autoRepeat=True, **key)
        self.chromium.devtools("Input.dispatchKeyEvent", **{**key, "type": "keyUp"})
        self.assertEqual(page.find("#held").text.split("\n")[0], "Approving first")
        wait_until(lambda: self.statuses() == ["approved", "pending"], "the first alone to be approved")
        self.assertFalse(page.find("#held").is_displayed())

    def test_a_second_press_at_once_is_not_for_the_request_that_has_just_come(self):
        page = self.open_with("first", "second")
        page.settle()
        page.keys("a", "a")
        self.assertIn("only just appeared", page.find(".card:not([hidden]) .message").text)
        wait_until(lambda: self.statuses() == ["approved", "pending"], "the first alone to be approved")

    def test_what_is_typed_into_a_note_or_the_filter_decides_nothing(self):
        page = self.open_with("first", "second")
        page.settle()
        page.keys("n", "a rare jar", Keys.ESCAPE, "/", "arx")
        self.assertEqual(page.find("#filter-text").get_property("value"), "arx")
        page.run("const one = arguments[0]; one.value = ''; one.dispatchEvent(new Event('input'))", page.find("#filter-text"))
        self.assert_nothing_is_decided(page)
        self.assertEqual(page.wait_for_card("first").note(), "a rare jar")

    def test_what_is_typed_on_when_the_note_has_lost_the_focus_by_itself_decides_nothing(self):
        page = self.open_with("first", "second")
        page.settle()
        page.keys("n", "we tri")
        self.server.decide(self.ids.pop(0), "reject")
        wait_until(lambda: page.cards()[0].of_row("left") == "rejected", "the request to end")
        page.keys(*"ed hard, jar")
        self.assertEqual(self.opened(page), "first")
        self.assert_nothing_is_decided(page)

    def test_what_is_typed_on_when_a_script_takes_the_focus_away_decides_nothing(self):
        page = self.open_with("first")
        page.settle()
        page.keys("n", "we tri")
        page.run("document.activeElement.blur()")
        page.keys(*"ed a jar")
        self.assert_nothing_is_decided(page)

    def test_what_is_typed_after_slash_goes_into_the_filter_though_a_request_fills_the_window(self):
        self.chromium.resize(700, 800)
        page = self.open_with("first")
        page.keys("j")
        page.settle()
        page.keys("/", "archive")
        self.assertEqual(page.find("#filter-text").get_property("value"), "archive")
        self.assert_nothing_is_decided(page)

    def test_what_is_typed_after_n_goes_into_the_note_though_the_list_fills_the_window(self):
        self.chromium.resize(700, 800)
        page = self.open_with("first")
        page.keys("j")
        page.settle()
        page.find("#back").click()
        page.keys("n", "a rare jar")
        self.assertEqual(page.find(".card textarea").get_property("value"), "a rare jar")
        self.assert_nothing_is_decided(page)

    def test_what_is_typed_after_n_decides_nothing_where_the_request_has_just_ended(self):
        page = self.open_with("first", "second")
        self.server.decide(self.ids.pop(0), "reject")
        wait_until(lambda: page.cards()[0].of_row("left") == "rejected", "the request to end")
        page.keys("n", "no j")
        page.settle()
        page.keys("ar")
        self.assertEqual(self.opened(page), "first")
        self.assert_nothing_is_decided(page)

    def test_who_leaves_a_note_on_purpose_decides_by_the_next_key(self):
        page = self.open_with("first")
        page.settle()
        page.keys("n", "fine", Keys.ESCAPE, "a")
        wait_until(lambda: self.statuses() == ["approved"], "the approval")
        self.assertEqual(self.record.request(self.ids[0])["reviewer_notes"], "fine")

    def test_keys_with_control_or_in_the_help_or_beside_the_record_decide_nothing(self):
        page = self.open_with("first")
        page.settle()
        page.keys("?")
        self.assertTrue(page.find("#help").is_displayed())
        page.keys("a", "r", Keys.ESCAPE)
        self.assertFalse(page.find("#help").is_displayed())
        ActionChains(page.driver).key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL).perform()
        page.show_record()
        page.keys("a", "r")
        self.assert_nothing_is_decided(page)

    def test_x_selects_and_capital_x_all_of_the_same_tool_and_agent(self):
        page = self.open_with("send_email", "send_email", "pay")
        page.keys("j", "x")
        self.assertEqual(page.find("#together").text, "Look at 1 together")
        page.keys("x")
        self.assertFalse(page.find("#together").is_displayed())
        page.keys("X")
        self.assertEqual(page.find("#together").text, "Look at 2 together")

    def test_a_key_decides_nothing_that_is_not_on_the_screen(self):
        self.chromium.resize(700, 800)
        page = self.open_with("first")
        page.keys("j")
        page.settle()
        page.find("#back").click()
        page.keys("a")
        self.assertTrue(page.find(".card").is_displayed())
        self.assert_nothing_is_decided(page)

    def test_a_decision_that_was_not_taken_is_told_though_the_next_request_is_open(self):
        page = self.open_with("first", "second")
        page.settle()
        page.keys("a")
        self.server.stop()
        page.wait_for_connection("lost")
        wait_until(lambda: page.cards()[0].of_row("left") == "not sent", "the row to tell")
        self.assertEqual(page.find("#pressing").text, "1 not sent")
        self.assertEqual(page.cards()[0].text("message"), "Not connected: nothing was sent.")

    def test_while_the_server_is_gone_a_key_decides_nothing_and_says_so(self):
        page = self.open_with("first")
        page.settle()
        self.server.stop()
        page.wait_for_connection("lost")
        page.keys("a")
        self.assertEqual(page.cards()[0].text("message"), "Not connected: nothing was sent.")
