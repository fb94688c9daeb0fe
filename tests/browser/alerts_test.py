"""Alerts: none before the person has chosen them, and then no more than was wanted."""

import json

from browser_case import BrowserCase
from page import Page
from waiting import wait_until

# Replaces the browser's notifications and sound, which a browser without a screen does not have.
STAND_INS = """
window.shown = []; window.closings = 0; window.asked = 0; window.tones = 0;
window.Notification = class {
  static permission = "default";
  static answer = "granted";
  static async requestPermission() { ++asked; return (this.permission = this.answer); }
  constructor(title, options) { shown.push({ title, ...options }); Notification.last = this; }
  addEventListener(name, act) { this[name] = act; }
  close() { ++closings; }
};
const node = () => ({ gain: { setValueAtTime() {}, linearRampToValueAtTime() {} }, frequency: {}, connect: (to) => to,
  start() { ++tones; }, stop() {} });
window.AudioContext = class { state = "running"; currentTime = 0; createGain = node; createOscillator = node; };
document.hasFocus = () => false;
"""

ROWS = """
let time = 0;
performance.now = () => time;
const row = (id, toolName, more = {}) => ({ id, request: { toolName, risk: "low", agent: "mailer", deadline: NaN, endsAt: NaN, ...more } });
const desk = { known: { isFirst: true, waiting: [] } };
const alerts = new module.Alerts(document, desk, 0);
const look = async (...rows) => { desk.known.waiting = rows; alerts.look(0); await new Promise((done) => setTimeout(done, 30)); };
await new Promise((done) => setTimeout(done, 100));
desk.known.isFirst = false;
"""


class Alerts(BrowserCase):
    def open_with_stand_ins(self):
        page = self.open_page()
        page.run(STAND_INS)
        return page

    def settings(self, page):
        page.find("#show-alerts").click()
        wait_until(lambda: page.find_all("#alerts[open]"), "the settings to open")
        return {name: page.find(f"#alerts [name={name}]") for name in ("notify", "sound", "agent")}

    def opt_for(self, page, *names):
        boxes = self.settings(page)
        for name in names:
            boxes[name].click()
        wait_until(lambda: all(boxes[name].is_selected() for name in names), "it to be opted for")
        page.find("#alerts .action").click()

    def opted(self, body, **kept):
        """Returns what the module of alerts does with `body` after the person has chosen them."""
        page = self.open_with_stand_ins()
        page.run("localStorage.setItem('approvekit-alerts', arguments[0]); Notification.permission = 'granted'",
                 json.dumps(kept))
        return page.module("alerts.js", ROWS + body)

    def test_before_anybody_opts_for_alerts_the_browser_is_asked_for_nothing_and_nothing_of_them_is_loaded(self):
        page = self.open_with_stand_ins()
        self.record.plant_request("send_email")
        page.wait_for_card("send_email")
        loaded = page.run("return performance.getEntriesByType('resource').map((one) => one.name)")
        self.assertEqual([name for name in loaded if "alert" in name or "sound" in name], [])
        self.settings(page)
        self.assertEqual(page.run("return [asked, shown.length, tones]"), [0, 0, 0])
        self.assertEqual(page.run("return Object.keys(localStorage)"), ["approvekit-session"])

    def test_G7_a_notification_names_tool_and_risk_and_nothing_of_the_arguments(self):
        page = self.open_with_stand_ins()
        self.opt_for(page, "notify")
        self.assertEqual(page.run("return asked"), 1)
        self.record.plant_request("send_email", {"to": "lin@example.org", "body": "[REDACTED]"}, risk_level="high",
                                  context={"why": "the secret plan"})
        [shown] = wait_until(lambda: page.run("return shown.length ? shown : null"), "a notification")
        self.assertEqual(shown["body"], "New: send_email, high risk")
        self.assertEqual(shown["title"], "(1) ApproveKit")
        self.assertEqual(shown["icon"], "/icon_waiting.svg")
        for word in ("lin@", "REDACTED", "plan", "mailer"):
            self.assertNotIn(word, json.dumps(shown))

    def test_a_press_on_the_notification_opens_the_request_and_its_end_takes_it_away(self):
        page = self.open_with_stand_ins()
        self.record.plant_request("first")
        page.wait_for_card("first")
        self.opt_for(page, "notify")
        request_id = self.record.plant_request("second")
        wait_until(lambda: page.run("return shown.length") == 1, "a notification")
        self.server.decide(request_id, "reject")
        wait_until(lambda: page.run("return closings") == 1, "it to be taken away")
        self.record.plant_request("third")
        wait_until(lambda: page.run("return shown.length") == 2, "another one")
        page.run("Notification.last.click()")
        wait_until(lambda: page.wait_for_card("third").is_open, "the request to be open")

    def test_what_was_opted_for_is_kept_and_off_is_off(self):
        page = self.open_with_stand_ins()
        self.opt_for(page, "sound", "agent")
        self.assertEqual(json.loads(page.run("return localStorage['approvekit-alerts']")), {"sound": True, "agent": True})
        page.driver.refresh()
        page.wait_for_connection("live")
        boxes = self.settings(page)
        self.assertEqual([boxes[name].is_selected() for name in ("notify", "sound", "agent")], [False, True, True])
        boxes["sound"].click()
        self.assertEqual(json.loads(page.run("return localStorage['approvekit-alerts']")), {"sound": False, "agent": True})

    def test_a_browser_that_refuses_is_believed_and_the_page_says_so(self):
        page = self.open_with_stand_ins()
        page.run("Notification.answer = 'denied'")
        boxes = self.settings(page)
        boxes["notify"].click()
        wait_until(lambda: "does not allow" in page.find("#alerts .message").text, "the page to say so")
        self.assertFalse(boxes["notify"].is_selected())

    def test_a_browser_that_only_pretends_to_have_notifications_is_told_of_in_the_settings(self):
        said = self.opted("""
            window.Notification = class { static permission = "granted"; constructor() { throw new TypeError("Illegal constructor"); } };
            await look();
            await look(row("1", "pay"));
            const box = document.querySelector("#alerts [name=notify]");
            return [box.disabled, box.checked, document.querySelector("#alerts .message").textContent];""", notify=True)
        self.assertEqual(said[:2], [True, False])
        self.assertIn("a browser that has them", said[2])

    def test_of_two_tabs_one_speaks(self):
        page = self.open_with_stand_ins()
        self.opt_for(page, "sound")
        first = page.driver.current_window_handle
        page.driver.switch_to.new_window("tab")
        self.addCleanup(page.driver.switch_to.window, first)
        self.addCleanup(page.driver.close)
        other = Page(self.chromium, self.server)
        other.run(STAND_INS)
        other.find("body").click()
        wait_until(lambda: other.run("return performance.getEntriesByType('resource').some((one) => one.name.includes('sound.js'))"),
                   "the other tab to have a sound")
        self.record.plant_request("send_email")
        other.wait_for_card("send_email")
        tones = [other.run("return tones")]
        page.driver.switch_to.window(first)
        wait_until(lambda: page.run("return tones") == 2, "the first to sound")
        page.driver.switch_to.window(page.driver.window_handles[-1])
        self.assertEqual(tones + [other.run("return tones")], [0, 0])

    def test_each_request_is_told_once_when_it_is_new_and_once_when_it_presses(self):
        shown = self.opted("""
            await look(row("0", "there_before"));
            await look(row("0", "there_before"), row("1", "pay"));
            time = 10000;
            await look(row("0", "there_before"), row("1", "pay"));
            await look(row("0", "there_before", { endsAt: 65000 }), row("1", "pay"));
            time = 20000;
            await look(row("0", "there_before", { endsAt: 65000 }), row("1", "pay"));
            return shown.map((one) => one.body);""", notify=True)
        self.assertEqual(shown, ["New: pay, low risk", "Ends within a minute: there_before, low risk"])

    def test_what_is_new_and_ends_soon_is_told_as_both(self):
        shown = self.opted("""
            await look();
            await look(row("1", "pay", { endsAt: 30000 }));
            time = 6000;
            await look(row("1", "pay", { endsAt: 30000 }), row("2", "mail", { endsAt: 30000 }), row("3", "mail"));
            return shown.map((one) => one.body);""", notify=True)
        self.assertEqual(shown, ["New: pay, low risk. Ends within a minute: pay, low risk",
                                 "2 new requests. Ends within a minute: mail, low risk"])

    def test_H176_a_flood_is_one_alert_now_and_then_and_none_is_left_out_of_the_count(self):
        shown = self.opted("""
            await look();
            const rows = [];
            for (let number = 0; number < 500; ++number) {
              rows.push(row(String(number), "pay", { risk: number % 100 ? "low" : "CRITICAL" }));
              if (number % 50 === 0) await look(...rows);
            }
            time = 6000;
            await look(...rows);
            return shown.map((one) => one.body);""", notify=True)
        self.assertEqual(shown, ["New: pay, CRITICAL risk", "499 new requests, 4 critical"])

    def test_H17_names_that_hide_something_are_spelled_out_and_the_agent_comes_where_it_is_wanted(self):
        shown = self.opted("""
            await look();
            await look(row("1", "pay\\u202e" + "x".repeat(300), { agent: "mailer" }));
            return shown.map((one) => one.body);""", notify=True, agent=True)
        self.assertEqual(shown, ["New: pay\\u202e" + "x" * 116 + ", low risk, mailer"])

    def test_what_presses_sounds_otherwise_than_what_is_new(self):
        tones = self.opted("""
            document.body.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
            await new Promise((done) => setTimeout(done, 200));
            await look();
            await look(row("1", "pay"));
            const calm = tones;
            time = 6000;
            await look(row("1", "pay"), row("2", "pay", { risk: "critical" }));
            return [calm, tones - calm, shown.length];""", sound=True)
        self.assertEqual(tones, [2, 4, 0])
