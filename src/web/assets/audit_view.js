// The audit trail: newest first, day by day, older entries on demand.

import { argumentTree } from "./argument_tree.js";
import { lineOf, statusWord, timeOf } from "./calls.js";
import { dayText, nearDayText } from "./clock.js";
import { button, element, setText } from "./dom.js";
import { deciderText } from "./outcome.js";
import { callWords, factList } from "./request_details.js";
import { foldedText, showLine, visible } from "./text.js";

const pageSize = 40;
const pagesToCatchUp = 5;

export class AuditView {
  #rows = new Map();
  #next = "";

  constructor(views) {
    Object.assign(this, views.desk);
    const title = withId("trail-title", element("h2", "", "Audit trail"));
    this.list = withId("entries", element("div", "entries"));
    this.older = withId("trail-older", button("quiet wide", "Older entries", () => this.#loadOlder()));
    this.older.hidden = true;
    this.empty = withId("trail-empty", element("p", "trail-empty"));
    this.empty.hidden = true;
    this.filter = withId("trail-filter", element("input"));
    Object.assign(this.filter, { type: "search", autocomplete: "off", spellcheck: false });
    this.filter.addEventListener("input", () => this.#applyFilter());
    const filter = element("label", "filter", element("span", "filter-name", "Filter"), this.filter);
    this.element = withId("trail", element("section", "trail", element("div", "section-head", title, filter), this.list, this.empty, this.older));
    this.element.setAttribute("aria-labelledby", "trail-title");
  }

  /** Adds what is new at the top. */
  async show() {
    const { fresh, next, joined } = await this.#fetchFresh();
    if (!joined) this.#startOver(next);
    this.#prepend(fresh);
    this.#finish();
  }

  /** The entries that are not shown yet, newest first. `joined` says that they reach down to one that is. */
  async #fetchFresh() {
    const fresh = [];
    let next = "";
    for (let pages = 0; pages < pagesToCatchUp; ++pages) {
      const page = await this.api.audit(pageSize, next);
      next = page.next;
      const known = page.items.findIndex((entry) => this.#rows.has(entry.id));
      fresh.push(...(known < 0 ? page.items : page.items.slice(0, known)));
      if (known >= 0) return { fresh, next, joined: true };
      if (this.#rows.size === 0 || !next) break;
    }
    return { fresh, next, joined: false };
  }

  #startOver(next) {
    this.#rows.clear();
    this.list.replaceChildren();
    this.#next = next;
  }

  async #loadOlder() {
    this.older.disabled = true;
    try {
      const page = await this.api.audit(pageSize, this.#next);
      this.#next = page.next;
      for (const entry of page.items) if (!this.#rows.has(entry.id)) this.#append(entry);
      showLine(this.older, "Older entries");
    } catch (error) {
      showLine(this.older, `${error.message} Try again`);
    }
    this.older.disabled = false;
    this.#finish();
  }

  #prepend(entries) {
    for (const entry of entries.toReversed()) this.#day(entry, "prepend").firstElementChild.after(this.#row(entry));
  }

  #append(entry) {
    this.#day(entry, "append").append(this.#row(entry));
  }

  /** The section for the entry's day at the top or the bottom of the list. Makes a new one if that is another day. */
  #day(entry, where) {
    const name = dayText(entry.time);
    const edge = where === "prepend" ? this.list.firstElementChild : this.list.lastElementChild;
    if (edge?.dataset.day === name) return edge;
    const day = element("section", "day", element("h3", "day-name"));
    day.dataset.day = name;
    this.list[where](day);
    return day;
  }

  #row(entry) {
    const row = auditRow(entry);
    this.#rows.set(entry.id, row);
    return row;
  }

  #finish() {
    for (const day of this.list.children) {
      setText(day.firstElementChild, nearDayText(day.dataset.day, this.clock.now()));
    }
    this.older.hidden = this.#next === "";
    this.#applyFilter();
  }

  #applyFilter() {
    const words = this.filter.value.trim().toLowerCase();
    let shown = 0;
    for (const row of this.#rows.values()) {
      row.hidden = words !== "" && !row.haystack.includes(words);
      if (!row.hidden) ++shown;
    }
    for (const day of this.list.children) day.hidden = !day.querySelector(".entry:not([hidden])");
    this.empty.hidden = shown > 0;
    setText(this.empty, this.#emptyText());
  }

  #emptyText() {
    if (this.#rows.size === 0) return "Nothing has been recorded yet.";
    return `None of the ${this.#rows.size.toLocaleString("en")} entries loaded here contains that.`;
  }
}

function withId(id, node) {
  node.id = id;
  return node;
}

function auditRow(entry) {
  const line = element("span", "entry-line", statusWord(entry.decision), " ", lineOf("entry-tool", entry.toolName));
  const main = element("span", "entry-main", line, lineOf("entry-who", whoText(entry)), lineOf("entry-note", entry.notes));
  const body = element("div", "entry-body");
  const row = element("details", "entry", element("summary", "", timeOf(entry.time), main), body);
  row.dataset.decision = entry.decision;
  row.haystack = haystack(entry);
  row.addEventListener("toggle", () => fillBody(body, entry), { once: true });
  return row;
}

/** Who decided, unless the note already says it. */
function whoText(entry) {
  return entry.reviewer === "policy" && entry.notes ? "" : deciderText(entry);
}

function haystack(entry) {
  const fields = [entry.toolName, entry.decision, entry.reviewer, entry.way, entry.notes, entry.id, entry.requestId];
  return visible(fields.join("\n")).toLowerCase();
}

function fillBody(body, entry) {
  if (entry.notes) body.append(element("div", "entry-words", foldedText(entry.notes)));
  if (entry.decision === "answered" && entry.metadata.has("answer")) {
    const answer = entry.metadata.get("answer");
    const words = typeof answer === "string" ? element("div", "entry-words", foldedText(answer)) : argumentTree(answer);
    body.append(element("h3", "", "Answer"), words);
  }
  if (!entry.follows) body.append(...callWords({ ...entry, ours: false }));
  body.append(
    factList([
      ["entry", entry.id],
      ["request", entry.requestId],
      ["follows", entry.follows],
      ["place", entry.ours ? entry.sequence : ""],
      ["hash", entry.hash],
      ["decision", signatureText(entry)],
    ]),
  );
}

function signatureText(entry) {
  if (!entry.ours) return "written by another program, outside the chain";
  if (entry.signed) return "signed";
  // Only if somebody was asked to sign: the policy of its agent lists reviewers with keys.
  const isDecision = ["approved", "rejected", "answered"].includes(entry.decision);
  return isDecision && entry.way !== "policy" && entry.metadata.has("signers") ? "unsigned" : "";
}
