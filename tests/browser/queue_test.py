"""The queue: see, decide, and stay undisturbed while others decide."""

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser_case import BrowserCase
from waiting import wait_until


class Queue(BrowserCase):
    def test_an_empty_queue_says_so(self):
        page = self.open_page()
        self.assertEqual(page.find("#queue-empty").text.splitlines()[0], "Nothing is waiting for you")
        self.assertEqual(page.driver.title, "ApproveKit")

    def test_a_request_shows_what_is_asked_at_which_risk_and_since_when(self):
        self.record.plant_request("send_email", {"to": "lin@example.org", "copies": 2}, risk_level="high")
        [card] = self.open_page().wait_for_cards(1)
        self.assertEqual(card.text("tool"), "send_email")
        self.assertEqual(card.text("risk"), "high risk")
        self.assertRegex(card.text("since"), r"just now|\d+ s ago")
        self.assertRegex(card.text("view"), r"copies\s+2\s+to\s+lin@example.org")

    def test_a_request_that_arrives_is_shown_and_counted_in_the_title(self):
        page = self.open_page()
        self.record.plant_request("first")
        page.wait_for_card("first")
        self.record.plant_request("second")
        page.wait_for_card("second")
        self.assertEqual(page.tools(), ["first", "second"])
        wait_until(lambda: page.driver.title == "(2) ApproveKit", "the title to count two")

    def test_approving_with_a_note_records_both(self):
        request_id = self.record.plant_request("send_email", {"to": "lin@example.org"})
        page = self.open_page()
        card = page.wait_for_card("send_email")
        card.write("Checked with Lin \u2713")
        card.press("approve")
        card.wait_for_outcome("Approved by you at")
        row = self.record.request(request_id)
        self.assertEqual((row["status"], row["reviewer_notes"]), ("approved", "Checked with Lin \u2713"))
        page.wait_for_entry("approved", "send_email", "by ada in a browser", "Checked with Lin")
        self.assertEqual(page.driver.title, "ApproveKit")

    def test_rejecting_without_a_note_records_it(self):
        request_id = self.record.plant_request("delete_records")
        page = self.open_page()
        card = page.wait_for_card("delete_records")
        card.press("reject")
        card.wait_for_outcome("Rejected by you at")
        self.assertEqual(self.record.status(request_id), "rejected")
        page.wait_for_entry("rejected", "delete_records", "by ada in a browser")

    def test_the_keyboard_alone_is_enough(self):
        request_id = self.record.plant_request("delete_records")
        page = self.open_page()
        card = page.wait_for_card("delete_records")
        wait_until(lambda: page.has_settled(card), "the card to settle")
        card.write("no")
        ActionChains(page.driver).send_keys(Keys.TAB, Keys.ENTER).perform()
        card.wait_for_outcome("Rejected by you")
        self.assertEqual(self.record.request(request_id)["reviewer_notes"], "no")

    def test_a_second_click_on_the_same_spot_does_nothing(self):
        first = self.record.plant_request("first")
        second = self.record.plant_request("second")
        page = self.open_page()
        card = page.wait_for_cards(2)[0]
        wait_until(lambda: page.has_settled(card), "the card to settle")
        ActionChains(page.driver).double_click(card.part("approve")).perform()
        card.wait_for_outcome("Approved by you")
        self.assertEqual((self.record.status(first), self.record.status(second)), ("approved", "pending"))
        entries = [entry for entry in self.server.call("/api/audit")["audit"] if entry["request_id"] == first]
        self.assertEqual([entry["decision"] for entry in entries], ["approved"])

    def test_the_press_that_decides_does_not_dismiss_the_outcome_as_well(self):
        self.record.plant_request("first")
        page = self.open_page()
        card = page.wait_for_card("first")
        wait_until(lambda: page.has_settled(card), "the card to settle")
        page.run("""
            const [card, approve, dismiss] = arguments;
            const dismissAtOnce = () => { if (card.dataset.state === "ended") dismiss.click(); };
            new MutationObserver(dismissAtOnce).observe(card, { attributes: true });
            approve.click();""", card.element, card.part("approve"), card.part("dismiss"))
        card.wait_for_outcome("Approved by you")
        self.assertEqual(len(page.cards()), 1)

    def test_a_request_decided_elsewhere_says_by_whom_and_keeps_its_place(self):
        first = self.record.plant_request("first")
        self.record.plant_request("second")
        page = self.open_page()
        decided, other = page.wait_for_cards(2)
        before = other.box("approve")
        self.server.review("reject", first, "--notes", "not today")
        decided.wait_for_outcome("Rejected by grace in a terminal at")
        self.assertEqual(decided.text("outcome-note"), "not today")
        self.assertEqual(other.box("approve"), before)
        self.assertEqual(page.driver.title, "(1) ApproveKit")

    def test_a_plain_status_update_by_another_program_is_told(self):
        request_id = self.record.plant_request("send_email")
        page = self.open_page()
        card = page.wait_for_card("send_email")
        self.record.set_status(request_id, "approved")
        card.wait_for_outcome("Approved")

    def test_who_is_slower_is_told_who_was_faster(self):
        request_id = self.record.plant_request("send_email")
        page = self.open_page()
        card = page.wait_for_card("send_email")
        page.stop_listening()
        self.server.decide(request_id, "reject", "mine")
        card.press("approve")
        card.wait_for_outcome("Rejected by ada in a browser")
        self.assertEqual(self.record.status(request_id), "rejected")

    def test_a_half_written_note_its_caret_and_the_focus_survive_live_updates(self):
        first = self.record.plant_request("first")
        self.record.plant_request("second")
        page = self.open_page()
        card = page.wait_for_card("second")
        card.write("half a sentence")
        page.run("arguments[0].setSelectionRange(4, 7)", card.part("note"))
        self.record.plant_request("third")
        page.wait_for_card("third")
        self.server.decide(first, "approve")
        wait_until(lambda: page.cards()[0].of_row("left") == "approved", "the first to end")
        self.assertEqual(card.note(), "half a sentence")
        focused = page.run("const f = document.activeElement; return [f === arguments[0], f.selectionStart,"
                           " f.selectionEnd]", card.part("note"))
        self.assertEqual(focused, [True, 4, 7])

    def test_a_press_does_not_count_when_a_request_has_just_come_under_it(self):
        first = self.record.plant_request("first")
        second = self.record.plant_request("second")
        page = self.open_page()
        ended, waiting = page.wait_for_cards(2)
        self.server.decide(first, "reject")
        ended.wait_for_outcome("Rejected")
        wait_until(lambda: page.has_settled(ended), "the outcome to settle")
        page.run("arguments[0].click(); document.querySelector('.card:not([hidden]) .approve').click();",
                 ended.part("dismiss"))
        self.assertTrue(waiting.is_open)
        self.assertIn("only just appeared", waiting.text("message"))
        self.assertEqual(self.record.status(second), "pending")
        self.assertEqual(len(page.cards()), 1)

    def test_a_request_whose_arguments_changed_asks_to_be_read_again_and_keeps_the_note(self):
        request_id = self.record.plant_request("send_email", {"to": "lin@example.org"})
        page = self.open_page()
        card = page.wait_for_card("send_email")
        card.write("fine")
        self.record.rewrite_args(request_id, {"to": "mallory@example.org"})
        page.find("#refresh").click()
        wait_until(lambda: "mallory" in card.text("view"), "the new arguments")
        self.assertEqual([line.text.split(",")[0] for line in card.part("caution").find_elements(By.CSS_SELECTOR, "p")],
                         ["Written by another program", "This request has changed since it was first shown. Read it again."])
        self.assertEqual(card.note(), "fine")

    def test_a_note_beyond_the_limit_is_not_sent(self):
        request_id = self.record.plant_request("send_email")
        page = self.open_page()
        card = page.wait_for_card("send_email")
        page.run("arguments[0].value = '\\u00e4'.repeat(8193); arguments[0].dispatchEvent(new Event('input'))",
                 card.part("note"))
        card.press("approve")
        self.assertEqual(card.text("message"), "The note is 2 bytes too long.")
        self.assertEqual(self.record.status(request_id), "pending")

    def test_a_long_queue_is_there_as_a_whole(self):
        for number in range(260):
            self.record.plant_request(f"tool_{number:03}")
        page = self.open_page()
        page.wait_for_cards(260)
        self.assertEqual(page.driver.title, "(260) ApproveKit")
        self.assertEqual(sorted(page.tools()), [f"tool_{number:03}" for number in range(260)])

    def test_several_ended_requests_are_dismissed_at_once(self):
        ids = [self.record.plant_request(f"tool_{number}") for number in range(3)]
        page = self.open_page()
        cards = page.wait_for_cards(3)
        for request_id in ids[:2]:
            self.server.decide(request_id, "reject")
        for card in cards[:2]:
            card.wait_for_outcome("Rejected")
        page.find("#clear-ended").click()
        self.assertEqual(page.tools(), ["tool_2"])

    def test_ended_requests_go_when_the_hand_is_off_the_list(self):
        ids = [self.record.plant_request(f"tool_{number}") for number in range(3)]
        page = self.open_page()
        page.wait_for_cards(3)
        for place in (0, 2):
            self.server.decide(ids[place], "reject")
        wait_until(lambda: [card.state for card in page.cards()].count("ended") == 2, "two of them to have ended")
        page.run("document.activeElement.blur()")
        page.run("const now = performance.now.bind(performance); performance.now = () => now() + 20000")
        wait_until(lambda: page.tools() == ["tool_1"], "what has ended to go")

    def test_a_request_that_left_the_record_says_so_and_cannot_be_decided(self):
        request_id = self.record.plant_request("send_email")
        page = self.open_page()
        card = page.wait_for_card("send_email")
        self.record.remove_request(request_id)
        page.find("#refresh").click()
        card.wait_for_outcome("No longer in the record")
        self.assertEqual(card.part("approve").get_attribute("aria-disabled"), "true")
        self.record.plant_request("send_email", request_id=request_id)
        page.find("#refresh").click()
        wait_until(lambda: card.state == "pending", "the request to be back")
        card.press("approve")
        card.wait_for_outcome("Approved by you")

    def test_H51_a_request_of_another_program_that_changed_after_it_was_shown_is_not_approved(self):
        request_id = self.record.plant_request("send_email", {"to": "lin@example.org"})
        page = self.open_page()
        card = page.wait_for_card("send_email")
        page.stop_listening()
        self.record.rewrite_args(request_id, {"to": "mallory@example.org"})
        card.press("approve")
        wait_until(lambda: "mallory" in card.text("view"), "the new arguments")
        self.assertEqual(self.record.status(request_id), "pending")

    def test_what_happens_is_announced(self):
        page = self.open_page()
        request_id = self.record.plant_request("send_email", risk_level="high")
        wait_until(lambda: page.announced() == "New request: send_email, high risk", "the arrival to be announced")
        self.server.decide(request_id, "reject")
        wait_until(lambda: page.announced().startswith("send_email: Rejected"), "the end to be announced")
