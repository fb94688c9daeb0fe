"""The page's modules alone, in the browser that runs them."""

from browser_case import BrowserCase


class Modules(BrowserCase):
    def setUp(self):
        super().setUp()
        self.page = self.open_page()

    def module(self, name, body):
        return self.page.module(name, body)

    def test_lossless_json_keeps_numbers_keys_and_their_order(self):
        shown = self.module("lossless_json.js", r"""
            const value = module.parse(' { "b" : [ 1.10, -0, 1E+400, 12345678901234567890123 ] , "2":{}, "1":[],'
              + ' "__proto__": "\\u00e4\\"\\\\", "t":true,"n":null } ');
            return [[...value.keys()], value.get("b").map(one => one.text), value.get("__proto__"),
                    value.get("t"), value.get("n"), module.sourceOf(value.get("b"))];""")
        self.assertEqual(shown, [["b", "2", "1", "__proto__", "t", "n"],
                                 ["1.10", "-0", "1E+400", "12345678901234567890123"], '\u00e4"\\', True, None,
                                 "[ 1.10, -0, 1E+400, 12345678901234567890123 ]"])

    def test_lossless_json_refuses_what_is_not_json(self):
        accepted = self.module("lossless_json.js", r"""
            const wrong = ["", "{", "[1,]", "{\"a\":1,}", "{a:1}", "01", "1.", "+1", "nul", "\"a", "\"\\x\"", "[1] 2",
                           "{\"a\" 1}", "[1 2]", "\"\n\"", "]", "--1", "{\"a\":}"];
            return wrong.filter((text) => { try { module.parse(text); return true; } catch { return false; } });""")
        self.assertEqual(accepted, [])

    def test_lossless_json_survives_any_depth(self):
        depth = self.module("lossless_json.js", """
            let depth = 0;
            for (let one = module.parse("[".repeat(200000) + "]".repeat(200000)); one; one = one[0]) ++depth;
            return depth;""")
        self.assertEqual(depth, 200000)

    def test_text_spells_out_what_does_not_show(self):
        shown = self.module("text.js", r"""
            return ["plain \u00e4\u00f6 \u4e2d \u05d0 \ud83d\ude00\u2764\ufe0f", "a\u00a0b", "\x00\x7f\x85", "\ufeff\u2028",
                    "\u{e0041}", "\u3164\u115f", "\ud800", "x\u0323\u0301\u0302\u0303", "e\u0301", "\\u202e"].map(module.visible);""")
        self.assertEqual(shown, ["plain \u00e4\u00f6 \u4e2d \u05d0 \U0001f600\u2764" + r"\ufe0f", r"a\u00a0b", r"\x00\x7f\u0085",
                                 r"\ufeff\u2028", r"\U000e0041", r"\u3164\u115f", r"\ud800",
                                 "x\u0323\u0301" + r"\u0302\u0303", r"e\u0301", r"\u202e"])

    def test_countdown_speaks_as_people_do(self):
        words = self.module("countdown.js", """
            return [0, 900, 59001, 60000, 754000, 8040000, 273600000].map(module.countdownText);""")
        self.assertEqual(words, ["0:00", "0:01", "1:00", "1:00", "12:34", "2 h 14 min", "3 d 4 h"])

    def test_countdown_grows_more_pressing(self):
        steps = self.module("countdown.js", """
            return [90000, 30000, 10000, 0].map((left) => module.urgency(left, 100000));""")
        self.assertEqual(steps, ["calm", "soon", "now", "over"])

    def test_clock_reads_the_times_of_the_record_as_utc(self):
        times = self.module("clock.js", """
            return ["1970-01-01T00:00:01.500999", "1970-01-01T00:00:02", "yesterday", "", null]
              .map((text) => String(module.parseTime(text)));""")
        self.assertEqual(times, ["1500", "2000", "NaN", "NaN", "NaN"])

    def test_clock_tells_spans_in_two_units_at_most(self):
        spans = self.module("clock.js", """
            return [1, 60, 90, 3600, 5400, 86400, 90061, 604800].map(module.spanText);""")
        self.assertEqual(spans, ["1 s", "1 min", "1 min 30 s", "1 h", "1 h 30 min", "1 d", "1 d 1 h", "7 d"])

    def test_request_details_tell_how_long_an_approval_lasts(self):
        words = self.module("request_details.js", """
            const none = { metadata: new Map(), context: new Map(), signers: new Map(), startBy: NaN, startWithin: NaN };
            const foreign = new Map([["start_within", "28800"]]);
            const text = (parts) => [].concat(parts).map((part) => part.textContent).join("|");
            const own = new Map([["start_within", "x"], ["starts", "mine"]]);
            return [
              text(module.policyWords(none)),
              text(module.policyWords({ ...none, metadata: own, startWithin: 28800 })),
              text(module.policyWords({ ...none, metadata: foreign })),
              text(module.requestDetails({ ...none, deadline: 1 })),
              text(module.requestDetails({ ...none, deadline: NaN })),
              text(module.requestDetails({ ...none, deadline: 1, startWithin: 45 })),
              text(module.requestDetails({ ...none, deadline: 1, startWithin: 45, startBy: Date.now() })).slice(0, 15),
              module.textBeside(none) === module.textBeside({ ...none, startWithin: 45 }),
            ];""")
        self.assertEqual(words, ["", "From the policy|may startwithin 8 h of its approval|startsmine",
                                 "From the policy|start_within28800",
                                 "may startuntil its time is up, or within 1 min of its approval", "",
                                 "may startwithin 45 s of its approval", "may startuntil ", False])

    def test_clock_follows_the_server_whatever_the_machine_thinks(self):
        difference = self.module("clock.js", """
            const clock = new module.ServerClock();
            clock.follow("2001-02-03T04:05:06.000000");
            return clock.now() - Date.UTC(2001, 1, 3, 4, 5, 6);""")
        self.assertTrue(0 <= difference < 1000, difference)

    def test_live_waits_longer_after_each_failure(self):
        delays = self.module("live.js", "return [1, 2, 3, 6, 50].map((failures) => module.backOff(failures, 0.5));")
        self.assertEqual(delays, [500, 1000, 2000, 15000, 15000])

    def test_events_are_told_however_the_stream_is_cut(self):
        heard = self.module("events.js", r"""
            const stream = ":\n\nid: f-7\nevent: hello\ndata: {\"resumed\":true}\n\n:\n\nevent: change\ndata: {\"a\":\"event: x\",\"request_id\":\"1-2\",\"status\":\"pending\"}\n\nevent: chan";
            const whole = new module.EventParser().take(stream);
            const parser = new module.EventParser();
            return [whole, [...stream].flatMap((character) => parser.take(character))];""")
        self.assertEqual(heard, [[{"name": "hello", "place": "f-7", "id": "", "status": "", "isResumed": True},
                                  {"name": "change", "place": "", "id": "1-2", "status": "pending", "isResumed": False}]] * 2)

    def test_coalesced_never_overlaps_and_runs_once_more_for_all_who_asked_meanwhile(self):
        runs = self.module("coalesce.js", """
            let running = 0, most = 0, runs = 0;
            const work = module.coalesced(async () => {
              most = Math.max(most, ++running);
              await new Promise((resolve) => setTimeout(resolve, 5));
              --running;
              return ++runs;
            });
            const answers = await Promise.all([work(), work(), work()]);
            return [most, answers, await work()];""")
        self.assertEqual(runs, [1, [1, 2, 2], 3])

    def test_coalesced_goes_on_after_a_failure(self):
        answers = self.module("coalesce.js", """
            let runs = 0;
            const work = module.coalesced(async () => { if (++runs === 1) throw new Error("first"); return runs; });
            const settled = await Promise.allSettled([work(), work()]);
            return settled.map(({ status, value }) => [status, value ?? null]);""")
        self.assertEqual(answers, [["rejected", None], ["fulfilled", 2]])

    def test_outcome_names_the_reviewer_the_way_and_the_run(self):
        words = self.module("outcome.js", """
            const base = { reviewer: "grace", way: "terminal", reviewedAt: NaN, run: "none" };
            return [
              module.outcomeText({ ...base, status: "approved", run: "executed" }),
              module.outcomeText({ ...base, status: "approved", run: "unknown" }, true),
              module.outcomeText({ ...base, status: "rejected", way: "database", reviewer: "unknown" }),
              module.outcomeText({ ...base, status: "timeout" }),
              module.outcomeText({ ...base, status: "cancelled" }),
            ];""")
        self.assertEqual(words, [
            "Approved by grace in a terminal, it ran",
            "Approved by you, nobody knows whether it ran to its end",
            "Rejected by unknown in the database itself",
            "Expired without an answer",
            "Cancelled by the agent",
        ])

    def test_known_requests_looks_at_everything_again_for_more(self):
        looks = self.module("known_requests.js", """
            let asked = 0;
            const pending = async () => { ++asked; return { items: [], next: "" }; };
            const known = new module.KnownRequests({ api: { pending }, settle() {}, finish() {} });
            const looks = [];
            for (const act of [() => {}, () => {}, () => known.wantMore()]) {
              act();
              await known.refresh();
              looks.push(asked);
            }
            return looks;""")
        self.assertEqual(looks, [1, 1, 2])

    def test_known_requests_asks_for_a_thousand_more_each_time_more_are_wanted(self):
        asked = self.module("known_requests.js", """
            const asked = [];
            const pending = async (limit, from) => {
              asked.push(limit);
              const start = Number(from) || 0;
              const items = Array.from({ length: limit }, (_, place) => ({ id: String(start + place), status: "ended" }));
              return { items, next: String(start + limit) };
            };
            const known = new module.KnownRequests({ api: { pending }, settle() {}, finish() {} });
            const sums = [];
            for (const act of [() => {}, () => known.noteChange(), () => known.wantMore(), () => known.wantMore()]) {
              act();
              asked.length = 0;
              await known.refresh();
              sums.push([asked.reduce((sum, one) => sum + one, 0), Math.max(...asked), known.isMore]);
            }
            return sums;""")
        self.assertEqual(asked, [[1000, 200, True], [1000, 200, True], [2000, 200, True], [3000, 200, True]])
