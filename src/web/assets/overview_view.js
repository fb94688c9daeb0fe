// How the record was reviewed: charts, each with its figures in a table beside it.

import { columnChart, spanChart } from "./chart.js";
import { element } from "./dom.js";
import { base } from "./place.js";
import { spanText } from "./clock.js";
import { showLine, visible } from "./text.js";

const day = 86400000;
const periods = [["7", "7 days"], ["30", "30 days"], ["90", "90 days"], ["", "All time"]];
const usualPeriod = "30";
const mostColumns = 92;
const mostSpans = 8;
const readPause = 30000;
const dayKinds = [["approved", "approved"], ["answered", "answered"], ["rejected", "rejected"], ["timed_out", "timed out"], ["cancelled", "cancelled"]];

const number = (map, key) => Number(map.get(key)?.text ?? 0);
const counted = (value) => value.toLocaleString("en");
const maps = (list) => (Array.isArray(list) ? list.filter((one) => one instanceof Map) : []);

/** "0.4 s", "12 s", "3 min 20 s". */
export function lengthText(milliseconds) {
  return milliseconds < 10000 ? `${(milliseconds / 1000).toFixed(1)} s` : spanText(Math.round(milliseconds / 1000));
}

export class OverviewView {
  #days;
  #readAt = -Infinity;
  #figures;
  #width = 0;

  constructor(views) {
    this.views = views;
    Object.assign(this, views.desk);
    const title = element("h2", "", "Overview");
    title.id = "overview-title";
    this.period = element("select");
    this.period.setAttribute("aria-label", "Period");
    for (const [value, text] of periods) {
      const option = element("option", "", text);
      option.value = value;
      this.period.append(option);
    }
    this.period.addEventListener("change", () => this.#choose());
    this.body = element("div", "overview");
    this.element = element("section", "trail wide-trail", element("div", "section-head", title, element("span", "history-filters", this.period)), this.body);
    this.element.id = "overview";
    this.element.setAttribute("aria-labelledby", title.id);
    new ResizeObserver(() => this.#redraw()).observe(this.body);
  }

  async show() {
    const asked = new URLSearchParams(location.search).get("days");
    const days = periods.some(([value]) => value === asked) ? asked : usualPeriod;
    const isOther = days !== this.#days;
    if (!isOther && performance.now() - this.#readAt < readPause) return;
    this.period.value = days;
    const query = days ? { since: new Date(this.clock.now() - Number(days) * day).toISOString().slice(0, 10) + "T00:00:00" } : {};
    const figures = await this.api.get("/api/stats", query);
    this.#days = days;
    this.#readAt = performance.now();
    this.#figures = figures;
    this.#draw();
  }

  #choose() {
    history.replaceState(null, "", `${base}/overview?days=${this.period.value}`);
    this.show().catch(this.views.failed);
  }

  /** A chart is as wide as its place, so that its letters keep their size. */
  #redraw() {
    if (this.#figures && this.body.clientWidth > 0 && Math.abs(this.body.clientWidth - this.#width) > 8) this.#draw();
  }

  #draw() {
    this.#width = this.body.clientWidth;
    const days = maps(this.#figures.get("days"));
    if (days.length === 0) return this.body.replaceChildren(element("p", "trail-empty", "Nothing is recorded for this time."));
    const [tools, reviewers] = [maps(this.#figures.get("tools")), maps(this.#figures.get("reviewers"))];
    const rules = maps(this.#figures.get("never_rejected"));
    return this.body.replaceChildren(
      keyFigures(days, this.#figures.get("all")),
      part("What was asked, by day", this.#dayChart(days), legend(), dayTable(days)),
      ...(tools.length > 0 ? [part("Time to decide, by tool", this.#spans(tools, "tool"), spanLegend(), decisionTable("Tool", tools))] : []),
      ...(reviewers.length > 0 ? [part("Time to decide, by reviewer", this.#spans(reviewers, "reviewer"), spanLegend(), decisionTable("Reviewer", reviewers))] : []),
      ...(rules.length > 0 ? [ruleTable(rules)] : []),
    );
  }

  get #room() {
    const isWide = this.#width > 900;
    return Math.max(260, isWide ? Math.floor(this.#width * 0.52) : this.#width);
  }

  #dayChart(days) {
    const known = new Map(days.map((one) => [one.get("day"), one]));
    const names = [...known.keys()].filter((name) => /^\d{4}-\d\d-\d\d$/.test(name)).sort();
    const first = Date.parse(`${names[0] ?? "1970-01-01"}T00:00:00Z`);
    const last = Date.parse(`${names.at(-1) ?? "1970-01-01"}T00:00:00Z`);
    const size = Math.max(1, Math.ceil(((last - first) / day + 1) / mostColumns));
    const columns = [];
    for (let time = first; time <= last; time += size * day) {
      const parts = dayKinds.map(() => 0);
      for (let step = 0; step < size; ++step) {
        const one = known.get(new Date(time + step * day).toISOString().slice(0, 10));
        if (one) dayKinds.forEach(([key], kind) => (parts[kind] += number(one, key)));
      }
      columns.push({ name: new Date(time).toISOString().slice(5, 10), parts });
    }
    const title = size === 1 ? "What became of what was asked on each day" : `What became of what was asked in each ${size} days`;
    return columnChart(this.#room, title, columns, dayKinds.map(([key]) => `chart-${key}`));
  }

  #spans(all, of) {
    const rows = all.slice(0, mostSpans).map((one) => ({ name: visible(one.get("name")), from: number(one, "median_ms"), to: number(one, "p90_ms") }));
    return spanChart(this.#room, `How long decisions took, by ${of}: median and the time that nine of ten took at most`, rows);
  }
}

function part(title, chart, key, table) {
  return element("section", "overview-part", element("h3", "", title), element("div", "beside", element("div", "picture", chart, key), table));
}

function keyFigures(days, all) {
  const sum = (key) => days.reduce((total, one) => total + number(one, key), 0);
  const list = element("dl", "key-figures");
  for (const [name, value] of [
    ["asked of people", counted(sum("asked"))],
    ["allowed by the policy", counted(sum("allowed"))],
    ["denied by it", counted(sum("denied"))],
    ["ended without an answer", counted(sum("timed_out"))],
    ["half of all decisions took", lengthText(number(all, "median_ms"))],
    ["nine of ten took", lengthText(number(all, "p90_ms"))],
    ["approved within a second", `${counted(number(all, "approved_within_a_second"))} of ${counted(number(all, "approved"))}`],
    ["approved before all was seen", `${counted(number(all, "approved_unseen"))} of ${counted(number(all, "approved"))}`],
  ]) list.append(element("div", "", element("dt", "", name), element("dd", "", value)));
  return list;
}

function legend() {
  return element("p", "legend", ...dayKinds.flatMap(([key, name]) => [element("span", `swatch chart-${key}`), `${name} `]));
}

function spanLegend() {
  return element("p", "legend", "From the median (dot) to what nine of ten took at most (bar), on a logarithmic scale.");
}

function table(title, heads, rows) {
  const head = element("tr", "", ...heads.map((name) => cell("th", name, "col")));
  const body = rows.map(([name, ...values]) => element("tr", "", cell("th", name, "row"), ...values.map((value) => cell("td", value))));
  const node = element("table", "figures", element("caption", "unseen", title), element("thead", "", head), element("tbody", "", ...body));
  const frame = element("div", "table-frame", node);
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", title);
  return frame;
}

function cell(tag, text, scope) {
  const node = element(tag);
  if (scope) node.scope = scope;
  showLine(node, text);
  return node;
}

function dayTable(days) {
  const keys = ["asked", "approved", "rejected", "answered", "timed_out", "cancelled", "allowed", "denied"];
  const heads = ["Day (UTC)", "Asked", "Approved", "Rejected", "Answered", "Timed out", "Cancelled", "By policy", "Denied"];
  return table("What was asked, by day", heads, days.map((one) => [one.get("day"), ...keys.map((key) => counted(number(one, key)))]));
}

function decisionTable(head, all) {
  const heads = [head, "Approved", "Rejected", "Answered", "Median", "p90", "Within 1 s", "Not all seen"];
  const rows = all.map((one) => [
    one.get("name"),
    ...["approved", "rejected", "answered"].map((key) => counted(number(one, key))),
    ...["median_ms", "p90_ms"].map((key) => lengthText(number(one, key))),
    ...["approved_within_a_second", "approved_unseen"].map((key) => counted(number(one, key))),
  ]);
  return table(`Decisions, by ${head.toLowerCase()}`, heads, rows);
}

function ruleTable(rules) {
  const rows = rules.map((one) => [one.get("tool"), one.get("rule") ?? "not recorded", counted(number(one, "asked")), counted(number(one, "approved"))]);
  const words = element("p", "dim", "Candidates for a grant, or for a condition under which nobody needs to be asked.");
  return element("section", "overview-part", element("h3", "", "Asked most, and never rejected"), words,
    table("Rules that ask most and whose requests were never rejected", ["Tool", "Rule", "Asked", "Approved"], rows));
}
