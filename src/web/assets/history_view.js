// The history: every call in one row, newest first. Calls that nobody was asked about and that went well are folded
// together.

import { callRow, lineOf, readCall, timeOf } from "./calls.js";
import { clockText, dayText, momentText, nearDayText, parseTime } from "./clock.js";
import { button, element, setText } from "./dom.js";
import { HistoryQuery } from "./history_query.js";
import { base } from "./place.js";
import { showLine } from "./text.js";

const pageSize = 50;
const foldSize = 200;
const mostPagesAtOnce = 5;
const mostCounts = 25;
const enoughRows = 20;
const lookPause = 3000;

export class HistoryView {
  #address;
  #newest;
  #next = "";
  #last;
  #work = 0;
  #lookTimer;
  #lookedAt = -Infinity;

  constructor(views) {
    this.views = views;
    Object.assign(this, views.desk);
    this.query = new HistoryQuery(() => this.#changed());
    this.count = element("p", "history-count");
    this.count.setAttribute("role", "status");
    this.fresh = button("quiet wide", "Show what is new", () => this.#load());
    this.list = element("div", "entries");
    this.empty = element("p", "trail-empty");
    this.older = button("quiet wide", "Older calls", () => this.#more());
    const title = element("h2", "", "History");
    title.id = "history-title";
    const exports = element("p", "exports", "Export ", ...["csv", "jsonl"].map((format) => this.#exporter(format)));
    this.element = element("section", "trail", element("div", "section-head", title, this.count, exports),
      this.query.element, this.fresh, this.list, this.empty, this.older);
    this.element.id = "history";
    this.fresh.hidden = this.older.hidden = this.empty.hidden = true;
    this.element.setAttribute("aria-labelledby", title.id);
    document.addEventListener("keydown", (event) => this.#pressed(event));
    this.list.addEventListener("click", (event) => (this.#last = event.target.closest("a") ?? this.#last));
  }

  async show() {
    if (location.search !== this.#address) {
      this.query.search = location.search;
      return this.#load();
    }
    this.#focusLast();
    return this.#lookForNew();
  }

  /** Coming back from a call, the focus is where it was. */
  #focusLast() {
    const focused = document.activeElement;
    if (this.#last?.isConnected && (focused === document.body || !focused.checkVisibility())) this.#last.focus();
    this.#last = undefined;
  }

  /** The last typed words no longer count if somebody has gone on to another view. */
  #changed() {
    if (this.views.path !== "/history") return;
    const search = this.query.search;
    // A page whose address the server does not take could not be loaded again.
    if (!this.query.isTooLong) history.replaceState(null, "", `${base}/history${search && "?"}${search}`);
    this.#load().catch(this.views.failed);
  }

  async #load() {
    const work = ++this.#work;
    const address = location.search;
    const page = await this.#page("").catch(refused);
    if (work !== this.#work) return;
    this.#address = address;
    this.fresh.hidden = true;
    this.#newest = undefined;
    this.list.replaceChildren();
    setText(this.count, "");
    await this.#fill(page, work);
    if (page.refusal) setText(this.empty, page.refusal);
    else await this.#countAll(work);
  }

  async #more() {
    const work = this.#work;
    this.older.disabled = true;
    try {
      const page = await this.#page(this.#next);
      if (work === this.#work) await this.#fill(page, work);
    } catch (error) {
      showLine(this.older, `${error.message} Try again`);
    }
    this.older.disabled = false;
  }

  /** Shows a page, and further ones if it has little: the server limits how much it looks at, whatever it finds. */
  async #fill(first, work) {
    let page = first;
    let rows = 0;
    for (let pages = 0; ; ++pages) {
      for (const row of page.rows) this.#append(row);
      rows += page.rows.length;
      this.#next = page.next;
      this.#finish(page);
      if (!page.next || rows >= enoughRows || pages >= mostPagesAtOnce) return;
      page = await this.#page(page.next);
      if (work !== this.#work) return;
    }
  }

  async #page(cursor, more = {}) {
    if (this.query.isTooLong) throw Object.assign(new Error("The filter is too long: look for less."), { status: 414 });
    const given = { ...this.query.parameters, fold: String(this.query.isWide), limit: pageSize, cursor, ...more };
    const answer = await this.api.get("/api/calls", given);
    const rows = (answer.get("calls") ?? []).map((row) => (row.get("folded") instanceof Map ? { folded: readFold(row.get("folded")) } : { call: readCall(row) }));
    return { rows, next: answer.get("next") ?? "", reached: parseTime(answer.get("reached")) };
  }

  #append({ call, folded }) {
    if (call) {
      this.#newest ??= call.decision.sequence;
      this.query.offer([call]);
      this.#day(call.decision.time).append(callRow(call));
    } else {
      this.#newest ??= "";
      this.#day(folded.to).append(this.#fold(folded));
    }
  }

  #day(time) {
    const name = dayText(time);
    const last = this.list.lastElementChild;
    if (last?.dataset.day === name) return last.lastElementChild;
    const day = element("section", "day", element("h3", "day-name", nearDayText(name, this.clock.now())), element("ol", "calls"));
    day.dataset.day = name;
    this.list.append(day);
    return day.lastElementChild;
  }

  /** Calls that are told as one, and each of them on demand. */
  #fold(folded) {
    const named = folded.tools.reduce((sum, [, calls]) => sum + calls, 0);
    const tools = folded.tools.map(([tool, calls]) => `${tool}${calls > 1 ? ` ${calls}` : ""}`);
    if (named < folded.calls) tools.push(`others ${folded.calls - named}`);
    const span = clockText(folded.from) === clockText(folded.to) ? "" : `since ${clockText(folded.from)}`;
    const words = element("span", "entry-main",
      element("span", "entry-line", element("b", "fold-count", `${folded.calls.toLocaleString("en")} calls `), "that the policy allowed"),
      lineOf("entry-who", [tools.join(", "), span].filter(Boolean).join("; ")));
    const list = element("ol", "calls");
    const details = element("details", "fold-calls", element("summary", "", timeOf(folded.to), words), list);
    details.addEventListener("toggle", () => this.#unfold(list, folded.cursor, folded.calls), { once: true });
    return element("li", "", details);
  }

  async #unfold(list, cursor, left) {
    try {
      const page = await this.#page(cursor, { fold: "false", limit: Math.min(left, foldSize) });
      list.append(...page.rows.map(({ call }) => callRow(call)));
      const rest = left - page.rows.length;
      if (page.next && rest > 0) this.#offer(list, `Show ${rest.toLocaleString("en")} more`, page.next, rest);
    } catch (error) {
      this.#offer(list, `${error.message} Try again`, cursor, left);
    }
  }

  #offer(list, label, cursor, left) {
    const line = element("li", "", button("quiet wide", label, () => {
      line.remove();
      this.#unfold(list, cursor, left);
    }));
    list.append(line);
  }

  #finish({ next, reached }) {
    this.older.hidden = next === "";
    const isFound = this.list.hasChildNodes();
    const isFar = next !== "" && !isFound && !Number.isNaN(reached);
    showLine(this.older, isFar ? `Look further back than ${momentText(reached)}` : "Older calls");
    this.empty.hidden = isFound;
    setText(this.empty, this.query.search ? "No call fits." : "No call is on record yet.");
    if (isFar) setText(this.empty, `No call since ${momentText(reached)} fits.`);
  }

  /** The number of all matching calls, as far as it is known: the server counts a piece of the record at a time. */
  async #countAll(work) {
    let calls = 0;
    let cursor = "";
    for (let counts = 0; counts < mostCounts; ++counts) {
      const answer = await this.api.get("/api/calls/count", { ...this.query.parameters, cursor });
      if (work !== this.#work) return;
      calls += Number(answer.get("calls")?.text ?? 0);
      cursor = answer.get("next") ?? "";
      setText(this.count, `${calls.toLocaleString("en")}${cursor ? "+" : ""} ${calls === 1 && !cursor ? "call" : "calls"}`);
      if (!cursor) return;
    }
  }

  /** Moves nothing: what has come meanwhile is offered. */
  async #lookForNew() {
    clearTimeout(this.#lookTimer);
    const wait = this.#lookedAt + lookPause - performance.now();
    if (wait > 0) {
      this.#lookTimer = setTimeout(() => this.#lookForNew().catch(this.views.failed), wait);
      return;
    }
    this.#lookedAt = performance.now();
    const page = await this.#page("", { fold: "false", limit: 1 }).catch(refused);
    const [row] = page.rows;
    if (!row) return;
    const isKnown = this.#newest === row.call.decision.sequence || (this.#newest === "" && isRoutine(row.call));
    this.fresh.hidden = isKnown;
  }

  #exporter(format) {
    const press = button("quiet", format === "csv" ? "CSV" : "JSON lines", async () => {
      press.disabled = true;
      try {
        await this.#export(format);
        showLine(press, format === "csv" ? "CSV" : "JSON lines");
      } catch (error) {
        showLine(press, `${error.message} Try again`);
      }
      press.disabled = false;
    });
    return press;
  }

  async #export(format) {
    const given = Object.entries({ ...this.query.parameters, format }).filter(([, value]) => value);
    const answer = await this.api.stream(`/api/calls/export?${new URLSearchParams(given)}`);
    if (!answer.ok) throw new Error("The server could not export them.");
    const link = element("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = `calls.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  /** j and k move through the rows, / goes to the search text. */
  #pressed(event) {
    const isElsewhere = this.element.hidden || document.querySelector("dialog[open]") || event.target.closest("input, select, textarea");
    if (isElsewhere || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "/") this.query.text.focus();
    else if (event.key === "j" || event.key === "k") this.#move(event.key === "j" ? 1 : -1);
    else return;
    event.preventDefault();
  }

  #move(step) {
    const stops = [...this.list.querySelectorAll("a.call, summary")].filter((one) => one.checkVisibility());
    const at = stops.indexOf(document.activeElement);
    const to = at < 0 ? 0 : Math.min(stops.length - 1, Math.max(0, at + step));
    stops[to]?.focus();
  }
}

/** What the server does not take finds nothing. That does not mean that the server is gone. */
function refused(error) {
  if (![400, 414, 431].includes(error.status)) throw error;
  return { rows: [], next: "", reached: NaN, refusal: error.message };
}

/** As the server folds them. What a grant let run is shown, like each call that a person had to do with. */
const isRoutine = ({ decision, status }) =>
  decision.requestId === "auto" && decision.way === "policy" && decision.decision === "approved" && status === "executed";

function readFold(map) {
  const tools = Array.isArray(map.get("tools")) ? map.get("tools") : [];
  return {
    calls: Number(map.get("calls")?.text ?? 0),
    from: parseTime(map.get("from")),
    to: parseTime(map.get("to")),
    cursor: String(map.get("cursor") ?? ""),
    tools: tools.map((one) => [String(one.get("tool")), Number(one.get("calls")?.text ?? 0)]),
  };
}
