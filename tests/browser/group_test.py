"""Several requests decided together."""

from selenium.webdriver.common.keys import Keys

from browser_case import BrowserCase
from waiting import wait_until


class Group(BrowserCase):
    def plant_payments(self, count, **more):
        self.ids = [self.record.plant_request("pay", {"amount": 100 + number, "currency": "EUR", **more})
                    for number in range(count)]

    def open_group(self):
        page = self.open_page()
        page.wait_for_cards(len(self.ids))
        for card in page.cards():
            card.pick()
        page.find("#together").click()
        return page

    def press(self, page, verdict):
        page.settle_group()
        page.find(f".group .{verdict}").click()

    def statuses(self):
        return [self.record.status(request_id) for request_id in self.ids]

    def test_requests_of_one_kind_stand_side_by_side_in_what_differs_and_share_the_rest(self):
        self.plant_payments(3)
        page = self.open_group()
        view = page.find(".group .view")
        self.assertRegex(view.text, r"The same in all:\s+currency\s+EUR")
        heads = [head.text for head in page.find_all(".group th")]
        self.assertEqual(heads, ["request", "amount", "answer"])
        amounts = sorted(cell.text for cell in page.find_all(".group td:nth-child(2)"))
        self.assertEqual(amounts, ["100", "101", "102"])

    def test_one_note_goes_with_each_and_each_has_its_result(self):
        self.plant_payments(3)
        page = self.open_group()
        self.server.decide(self.ids[1], "reject", "mine")
        page.find(".group textarea").send_keys("as agreed")
        self.press(page, "approve")
        wait_until(lambda: self.statuses() == ["approved", "rejected", "approved"], "all to be decided")
        self.assertEqual(self.record.request(self.ids[0])["reviewer_notes"], "as agreed")
        wait_until(lambda: sorted(cell.text.split(" at ")[0] for cell in page.find_all(".group .result"))
                   == ["Approved by you", "Approved by you", "Rejected by ada in a browser"], "a result for each")

    def test_what_is_unselected_leaves_the_group_that_is_open_and_the_note_stays(self):
        self.plant_payments(3)
        page = self.open_group()
        page.find(".group textarea").send_keys("as agreed")
        next(card for card in page.cards() if card.of_row("told").startswith("101")).pick()
        self.assertEqual(page.find(".group .group-title").text, "2 requests together")
        self.press(page, "approve")
        wait_until(lambda: self.statuses() == ["approved", "pending", "approved"], "those that are selected to be approved")
        self.assertEqual(self.record.request(self.ids[0])["reviewer_notes"], "as agreed")

    def test_what_the_filter_hides_leaves_the_group_that_is_open_which_closes_with_the_last(self):
        self.plant_payments(2)
        page = self.open_group()
        page.keys("/", 'amount":100')
        self.assertEqual(page.find(".group .group-title").text, "1 request together")
        page.keys("9")
        self.assertEqual(page.find_all(".group"), [])
        self.assertFalse(page.find("#together").is_displayed())
        self.assertEqual(self.statuses(), ["pending", "pending"])

    def test_hidden_values_are_the_same_only_where_their_fingerprints_are(self):
        page = self.open_page()
        heads = page.module("group_card.js", """
            const rowWith = (id, token, words) => ({
              id, state: "pending", resultText: "", hasEnded: false, element: { dataset: { risk: "high" } },
              request: {
                toolName: "pay", agent: "one", risk: "high", ours: true, submitted: null, signers: new Map(),
                metadata: new Map(), context: new Map(),
                toolArgs: new Map([["token", "[REDACTED]"], ["words", "see [REDACTED]"], ["to", "ana"]]),
                redactions: [{ path: "token", type: "string", length: "9-16", fingerprint: token },
                             { path: "words", type: "string", length: "9-16", fingerprint: words }],
              },
            });
            const headsOf = (rows) => [...new module.GroupCard(rows, { keyId: "" }).element.querySelectorAll("th")]
              .map((head) => head.textContent);
            return [headsOf([rowWith("a", "1f", "2f"), rowWith("b", "1f", "2f")]),
                    headsOf([rowWith("a", "1f", "2f"), rowWith("b", "1e", "2f")]),
                    headsOf([rowWith("a", "1f", "2f"), rowWith("b", "1f", "2e")])];""")
        self.assertEqual(heads, [["request", "answer"], ["request", "token", "answer"], ["request", "words", "answer"]])

    def test_hidden_values_of_other_programs_are_never_called_the_same(self):
        self.plant_payments(2, token="[REDACTED]")
        page = self.open_group()
        self.assertEqual([head.text for head in page.find_all(".group th")], ["request", "amount", "token", "answer"])

    def test_who_was_faster_is_told_beside_the_one_request_and_the_others_are_decided(self):
        self.plant_payments(2)
        page = self.open_group()
        page.stop_listening()
        self.server.decide(self.ids[0], "reject", "mine")
        self.press(page, "approve")
        wait_until(lambda: self.statuses() == ["rejected", "approved"], "the other to be decided")
        wait_until(lambda: any("Rejected by ada in a browser" in cell.text for cell in page.find_all(".group .result")),
                   "word of who was faster")

    def test_G11_what_a_group_shows_in_part_is_opened_before_it_is_approved(self):
        self.plant_payments(2, purpose="x" * 3000)
        self.ids.append(self.record.plant_request("bash", {"command": "ls\n" * 40 + "rm -rf /\n" + "ls\n" * 8}))
        page = self.open_group()
        self.press(page, "approve")
        self.assertIn("Not seen yet: 34 lines, 2,350 characters", page.find(".group .message").text)
        self.assertIn("rm -rf /", page.find(".group .view").text)
        self.assertEqual(set(self.statuses()), {"pending"})
        self.press(page, "approve")
        wait_until(lambda: set(self.statuses()) == {"approved"}, "all to be approved")

    def test_G11_what_the_policy_says_stands_beside_arguments_of_any_name(self):
        self.ids = [self.record.plant_request("pay", {"ticket": "a1", "policy: ticket": "b2", "n": number}, ticket=ticket)
                    for number, ticket in enumerate(("OPS-7", "OPS-8"))]
        page = self.open_group()
        view = page.find(".group .view").text
        self.assertRegex(view, r"policy: ticket\s+b2")
        self.assertRegex(view, r"ticket\s+a1")
        self.assertEqual([view.count(f"OPS-{number}") for number in (7, 8)], [1, 1])

    def test_arguments_that_are_no_object_are_shown_in_a_group_too(self):
        self.ids = [self.record.plant_request("list", raw_args=f'[{number}, "x"]') for number in (41, 42)]
        page = self.open_group()
        self.assertRegex(page.find(".group .view").text, r"41[^]*42".replace("[^]", r"[\s\S]"))

    def test_G11_more_rows_than_are_shown_at_once_are_opened_before_they_are_approved(self):
        self.plant_payments(120)
        page = self.open_page()
        page.wait_for_cards(120)
        page.keys("j", "X", "a")
        self.press(page, "approve")
        self.assertIn("Not seen yet: 70 entries", page.find(".group .message").text)
        self.assertEqual(len(page.find_all(".group tbody tr")), 120)
        self.assertEqual(len(self.record.pending()), 120)

    def test_a_group_with_a_request_that_changes_has_to_be_read_again(self):
        self.plant_payments(2)
        page = self.open_group()
        self.record.rewrite_args(self.ids[0], {"amount": 9999, "currency": "EUR"})
        page.find("#refresh").click()
        wait_until(lambda: "9999" in page.find(".group .view").text, "the new arguments")
        self.assertIn("has changed", page.find(".group .caution[data-slot]").text)

    def test_by_keys_the_first_press_shows_the_selection_and_the_second_one_is_held_for_undo(self):
        self.plant_payments(3)
        page = self.open_page()
        page.wait_for_cards(3)
        page.keys("j", "X", "a")
        self.assertEqual(page.find(".group .group-title").text, "3 requests together")
        page.settle_group()
        page.keys("a")
        self.assertIn("Approving 3 requests", page.find("#held").text)
        page.keys("u")
        self.assertEqual(page.find(".group .group-title").text, "3 requests together")
        page.settle_group()
        page.keys("r")
        wait_until(lambda: set(self.statuses()) == {"rejected"}, "all to be rejected")
        wait_until(lambda: [cell.text.split(" at ")[0] for cell in page.find_all(".group .result")]
                   == ["Rejected by you"] * 3, "a result for each")

    def test_the_list_grouped_by_tool_and_agent_selects_a_whole_group(self):
        self.plant_payments(3)
        self.record.plant_request("send_email")
        page = self.open_page()
        page.wait_for_cards(4)
        page.find("#grouped").click()
        heads = [head.text.split("\n") for head in page.find_all(".kind")]
        self.assertEqual([[head[0], head[2]] for head in heads], [["pay", "3"], ["send_email", "1"]])
        page.find_all(".kind button")[0].click()
        self.assertEqual(page.find("#together").text, "Look at 3 together")
        page.find("#unpick").click()
        self.assertFalse(page.find("#together").is_displayed())

    def test_what_the_filter_hides_is_not_selected_any_more(self):
        self.plant_payments(2)
        page = self.open_page()
        page.wait_for_cards(2)
        page.keys("j", "X", "/", "amount\":100", Keys.ESCAPE)
        self.assertEqual(page.find("#together").text, "Look at 1 together")
