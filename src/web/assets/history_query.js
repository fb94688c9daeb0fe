// Which calls somebody looks for: a form, the address of the page, and the server's parameters for the same.

import { button, element } from "./dom.js";
import { longestName, visible } from "./text.js";

const statuses = ["approved", "rejected", "timeout", "cancelled", "answered", "denied", "refused", "executed", "failed", "unknown"];
const risks = ["low", "medium", "high", "critical"];
const typingPause = 300;
/** The server takes an address of 2 KiB. This leaves room for a cursor and the rest. */
const longestSearch = 1100;

/** Midnight of that day in this machine's local time, in the server's form. `later`: that many days later. */
function midnight(day, later) {
  const [year, month, date] = day.split("-").map(Number);
  const moment = new Date(year, month - 1, date + later);
  return Number.isNaN(moment.getTime()) ? "" : moment.toISOString().slice(0, 19);
}

export class HistoryQuery {
  #fields = {};
  #timer;

  /** `changed(isTyping)` is called when somebody wants other calls. */
  constructor(changed) {
    this.changed = changed;
    this.element = element("form", "history-filters",
      this.#input("text", "search", "Text in tool, arguments or notes"),
      this.#suggesting("tool", "Tool"),
      this.#suggesting("agent", "Agent"),
      this.#suggesting("reviewer", "Decided by"),
      this.#choice("status", "Any status", statuses),
      this.#choice("risk", "Any risk", risks),
      this.#day("since", "From"),
      this.#day("until", "To"),
      (this.clear = button("quiet", "Clear", () => this.#clear())));
    this.element.setAttribute("role", "search");
    this.element.setAttribute("aria-label", "Calls");
    this.element.addEventListener("submit", (event) => event.preventDefault());
    this.element.addEventListener("input", (event) => this.#typed(event.target));
  }

  get text() {
    return this.#fields.text;
  }

  /** What the address of the page says. */
  get search() {
    const given = Object.entries(this.#fields).map(([name, field]) => [name, field.value.trim()]).filter(([, value]) => value);
    return new URLSearchParams(given).toString();
  }

  set search(search) {
    const given = new URLSearchParams(search);
    for (const [name, field] of Object.entries(this.#fields)) field.value = given.get(name) ?? "";
    this.clear.hidden = this.search === "";
  }

  get isTooLong() {
    return this.search.length > longestSearch;
  }

  /** The parameters for the server. */
  get parameters() {
    const { since, until, ...others } = Object.fromEntries(new URLSearchParams(this.search));
    return { ...others, since: since && midnight(since, 0), until: until && midnight(until, 1) };
  }

  /** Whether all calls of a period are looked at, so that calls that nobody was asked about are told in short. */
  get isWide() {
    const { since, until, ...others } = this.parameters;
    return Object.keys(others).length === 0;
  }

  /** Offers the names that occur in what was found. */
  offer(calls) {
    for (const [name, valueOf] of [["tool", (call) => call.decision.toolName], ["agent", (call) => call.agent], ["reviewer", (call) => call.decision.reviewer]]) {
      const list = this.#fields[name].list;
      const known = new Set([...list.options].map((option) => option.value));
      for (const value of calls.map(valueOf)) {
        if (!value || value.length > longestName || visible(value) !== value || known.has(value) || known.size >= 100) continue;
        known.add(value);
        const option = element("option");
        option.value = value;
        list.append(option);
      }
    }
  }

  #typed(field) {
    clearTimeout(this.#timer);
    this.clear.hidden = this.search === "";
    const isTyped = field.type === "search";
    this.#timer = setTimeout(() => this.changed(), isTyped ? typingPause : 0);
  }

  #clear() {
    this.search = "";
    this.changed();
    this.#fields.text.focus();
  }

  #input(name, type, label) {
    const input = element("input");
    Object.assign(input, { name, type, placeholder: label, autocomplete: "off", spellcheck: false });
    input.setAttribute("aria-label", label);
    return (this.#fields[name] = input);
  }

  #suggesting(name, label) {
    const list = element("datalist");
    list.id = `history-${name}`;
    const input = this.#input(name, "search", label);
    input.setAttribute("list", list.id);
    return element("span", "field", input, list);
  }

  #choice(name, any, values) {
    const select = element("select");
    select.name = name;
    select.setAttribute("aria-label", any.slice(4));
    for (const [value, text] of [["", any], ...values.map((one) => [one, one])]) {
      const option = element("option", "", text);
      option.value = value;
      select.append(option);
    }
    return (this.#fields[name] = select);
  }

  #day(name, label) {
    const input = this.#input(name, "date", label);
    return element("label", "field day-field", element("span", "filter-name", label), input);
  }
}
