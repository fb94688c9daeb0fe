"""The stream of events: interrupted, resumed, and after a sleep."""

from browser_case import BrowserCase
from chromium import Chromium
from page import Page
from waiting import wait_until

# A connection to a server whose stream and clock the test controls.
HELD = """
const told = { places: [], whole: [], heard: [], states: [] };
let controller, now = 0;
Date.now = () => now;
const text = new TextEncoder();
const until = async (holds) => { while (!holds()) await new Promise((done) => setTimeout(done, 5)); };
const say = (words) => controller.enqueue(text.encode(words + "\\n\\n"));
const live = new module.Live({
  sync: async (isWhole) => void told.whole.push(isWhole),
  events: async (_, place) => {
    told.places.push(place);
    return new Response(new ReadableStream({ start: (one) => (controller = one) }));
  },
  changed: (id) => told.heard.push(id),
  alive: () => {},
  show: (state) => told.states.push(state),
});
live.start();
await until(() => controller);
say('id: f-1\\nevent: hello\\ndata: {"resumed":false}');
await until(() => told.states.at(-1) === "live");
"""


class Stream(BrowserCase):
    def held(self, body):
        return self.open_page().module("live.js", HELD + body + "return told;")

    def open_page_that_sleeps(self):
        """In a separate browser, which draws nothing any more after it was frozen."""
        browser = Chromium()
        self.addCleanup(browser.close)
        return Page(browser, self.server)

    def set_state(self, page, state):
        page.chromium.devtools("Page.setWebLifecycleState", state=state)

    def test_a_stream_that_broke_off_is_taken_up_where_it_was_left_without_looking_at_everything(self):
        told = self.held("""
            now += 11000;
            say('id: f-2\\nevent: change\\ndata: {"request_id":"a","status":"pending"}');
            await until(() => told.heard.length === 1);
            controller.close();
            await until(() => told.places.length === 2);
            say('id: f-2\\nevent: hello\\ndata: {"resumed":true}');
            say('id: f-3\\nevent: change\\ndata: {"request_id":"b","status":"pending"}');
            await until(() => told.heard.length === 2 && told.states.at(-1) === "live");""")
        self.assertEqual(told["places"], ["", "f-2"])
        self.assertEqual(told["whole"], [True, True, False])
        self.assertEqual(told["heard"], ["a", "b"])

    def test_H177_where_the_server_cannot_go_on_the_page_looks_at_everything(self):
        told = self.held("""
            now += 11000;
            controller.close();
            await until(() => told.places.length === 2);
            say('id: e-9\\nevent: hello\\ndata: {"resumed":false}');
            say('event: reset\\ndata: {"why":"unknown_id"}');
            await until(() => told.heard.length === 1 && told.states.at(-1) === "live");
            live.wake();
            now += 11000;
            live.tick();
            await until(() => told.places.length === 3);""")
        self.assertEqual(told["places"], ["", "f-1", "e-9"])
        self.assertEqual(told["whole"][:3], [True, True, True])
        self.assertEqual(told["heard"], [""])

    def test_a_stream_that_breaks_off_again_and_again_is_not_asked_for_without_a_pause(self):
        told = self.held("""
            controller.close();
            await until(() => told.states.at(-1) === "polling");""")
        self.assertEqual(told["places"], [""])

    def test_a_stream_that_fell_silent_is_asked_for_again_and_nothing_is_called_live_meanwhile(self):
        told = self.held("""
            live.tick();
            now += 11000;
            live.tick();
            await until(() => told.places.length === 2);""")
        self.assertEqual(told["places"], ["", "f-1"])
        self.assertEqual(told["states"][-1], "connecting")
        self.assertEqual(told["whole"], [True, True, True])

    def test_a_tab_out_of_sight_whose_timers_rest_goes_by_the_signs_of_the_server(self):
        self.record.plant_request("send_email")
        page = self.open_page()
        card = page.wait_for_card("send_email")
        first = card.text("since")
        page.run("""
            for (let id = 0; id < 100000; ++id) clearInterval(id);
            Object.defineProperty(document, "hidden", { get: () => true });""")
        for _ in range(2):
            wait_until(lambda: card.text("since") != first, "the page to look at its clock")
            first = card.text("since")

    def test_a_tab_that_was_frozen_shows_what_happened_meanwhile_as_soon_as_it_wakes(self):
        ended = self.record.plant_request("before")
        page = self.open_page_that_sleeps()
        card = page.wait_for_card("before")
        self.set_state(page, "frozen")
        self.record.plant_request("meanwhile", risk_level="critical")
        self.server.decide(ended, "reject", "while it slept")
        self.set_state(page, "active")
        page.wait_for_card("meanwhile")
        card.wait_for_outcome("Rejected by ada")
        self.assertEqual(page.driver.title, "(1) ApproveKit")

    def test_a_tab_whose_server_has_dropped_it_meanwhile_finds_back_by_itself(self):
        page = self.open_page_that_sleeps()
        self.set_state(page, "frozen")
        self.server.stop()
        self.server.start()
        self.set_state(page, "active")
        wait_until(lambda: page.find("#sign-in").is_displayed(), "the page to say that its session has ended")
        self.record.plant_request("after")
        page.driver.get(self.server.link)
        page.wait_for_card("after")
