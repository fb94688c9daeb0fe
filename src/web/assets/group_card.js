// Several requests, decided together: those of one kind are side by side, and what they share is told once.

import { Answer } from "./answer.js";
import { appendRows, columnHead } from "./argument_table.js";
import { argumentTree } from "./argument_tree.js";
import { kindOf, textOf } from "./differing.js";
import { button, element, setText, slot, stamp } from "./dom.js";
import { contextWords, policyWords, textBeside } from "./request_details.js";
import { cautionLine, cautionsOf, shortId } from "./request_card.js";
import { mayApprove } from "./records.js";
import { briefly } from "./request_row.js";
import { timeLeft } from "./order.js";
import { lookAgain, watchEnd } from "./seen.js";
import { showCall, showLine } from "./text.js";

const redacted = "[REDACTED]";

export class GroupCard {
  #cells = new Map();

  /**
   * `desk` receives decide(card, verdict, byKey), open(row) and unpick(). It has the `reviewer`, and the `keyId` with
   * which it signs.
   */
  constructor(rows, desk) {
    this.rows = rows;
    this.desk = desk;
    this.element = stamp("group-card");
    for (const name of ["title", "view", "end", "foot", "caution", "close"]) this[name] = slot(this.element, name);
    this.answer = new Answer(this.element, (verdict, byKey) => desk.decide(this, verdict, byKey));
    this.foot.prepend(this.answer.element);
    this.close.addEventListener("click", () => desk.unpick());
    watchEnd(this.element, this.end);
    this.#build();
  }

  /** A group edits nothing, and must not leave out earlier edits. */
  get edit() {
    const row = this.rows.find((one) => one.state === "pending" && this.desk.detail.hasEdits(one));
    const fault = row ? `You edited or granted ${shortId(row.id)}: open it to approve it so, or take that back.` : "";
    return { fault, text: "" };
  }

  /** Updates the results from the rows. Builds everything again if what is to be judged has changed. */
  update(isAltered = false) {
    if (isAltered) {
      this.#build();
      showLine(this.caution, "One of these has changed since it was first shown. Read them again.");
      this.caution.hidden = false;
    }
    this.showPhase();
  }

  tick(now) {
    for (const [row, { left }] of this.#cells) {
      const time = timeLeft(row.request, now);
      setText(left, row.hasEnded || Number.isNaN(time) ? "" : `${briefly(time)} left`);
    }
  }

  showPhase() {
    for (const [row, cells] of this.#cells) showRow(row, cells);
    const waiting = this.rows.filter((row) => row.state === "pending");
    const open = waiting.length;
    this.answer.disable(open === 0, waiting.some((row) => mayApprove(row.request, this.desk.reviewer)));
    if (open === this.open) return;
    this.open = open;
    this.answer.say(open === this.rows.length ? "" : `${open} of ${this.rows.length} wait for an answer.`);
  }

  #build() {
    this.#cells.clear();
    const kinds = Map.groupBy(this.rows, (row) => kindOf(row.request));
    setText(this.title, `${this.rows.length} ${this.rows.length === 1 ? "request" : "requests"} together`);
    this.view.replaceChildren(...[...kinds.values()].flatMap((rows) => this.#section(rows)));
    delete this.element.dataset.opened;
    lookAgain(this.element, this.end);
    this.answer.nameControls(`these ${this.rows.length} requests`);
    this.answer.appear();
    this.showPhase();
  }

  #section(rows) {
    const [tool, who] = [element("span", "tool"), element("span", "agent")];
    showCall(tool, who, rows[0].request);
    const fields = rows.map((row) => fieldsOfRow(row.request));
    const names = [...new Set(fields.flatMap((one) => [...one.keys()]))];
    const shared = rows.length > 1 ? names.filter((name) => isShared(rows, fields, name)) : [];
    const parts = [element("h3", "kind-title", tool, who, `${rows.length}`)];
    const cautions = rows.map((row) => cautionsOf(row.request, this.desk.keyId));
    const told = cautions[0].filter((text) => cautions.every((one) => one.includes(text)));
    parts.push(...told.map(cautionLine));
    if (shared.length > 0) {
      parts.push(element("p", "dim", "The same in all:"), sharedValues(rows[0].request, fields[0], shared));
    }
    const isSaidOnce = rows.every((row) => textBeside(row.request) === textBeside(rows[0].request));
    if (isSaidOnce) parts.push(...contextWords(rows[0].request), ...policyWords(rows[0].request));
    const lines = rows.map((row, index) => ({
      row,
      fields: fields[index],
      about: [
        ...cautions[index].filter((text) => !told.includes(text)).map(cautionLine),
        ...(isSaidOnce ? [] : [...contextWords(row.request), ...policyWords(row.request)]),
      ],
    }));
    parts.push(this.#table(lines, names.filter((name) => !shared.includes(name))));
    return parts;
  }

  #table(lines, names) {
    const heads = ["request", ...names, "answer"].map(columnHead);
    const body = element("tbody");
    const table = element("table", "table", element("thead", "", element("tr", "", ...heads)), body);
    const box = element("div", "rows-box", table);
    appendRows(box, body, lines, 0, (line) => this.#tableRow(line, names));
    return box;
  }

  #tableRow({ row, fields, about }, names) {
    const open = button("link", "", () => this.desk.open(row));
    showLine(open, shortId(row.id));
    const risk = element("span", "risk");
    showLine(risk, row.request.risk || "no risk level");
    const cells = { left: element("span", "dim"), result: element("td", "result"), quorum: element("p", "caution") };
    this.#cells.set(row, cells);
    const values = names.map((name) => element("td", "", valueCell(row.request, fields, name)));
    const line = element("tr", "", element("td", "", open, risk, cells.left, cells.quorum, ...about), ...values, cells.result);
    line.dataset.risk = row.element.dataset.risk;
    showRow(row, cells);
    return line;
  }
}

/** The parts of a row that change while it waits. */
function showRow(row, { result, quorum }) {
  showLine(result, row.resultText || "waits");
  const told = [row.request.limit, row.request.quorum].filter(Boolean).join(" ");
  showLine(quorum, told);
  quorum.hidden = told === "";
}

function fieldsOfRow({ toolArgs }) {
  return toolArgs instanceof Map ? toolArgs : new Map([["", toolArgs]]);
}

/** Hidden values are the same only if their fingerprints are. Without a fingerprint nobody knows. */
function isShared(rows, fields, name) {
  const first = JSON.stringify(hiddenBelow(rows[0].request, name));
  return fields.every((one, index) => {
    if (!one.has(name)) return false;
    const { request } = rows[index];
    const text = textOf(one.get(name));
    if (!request.ours && text.includes(redacted)) return false;
    return text === textOf(fields[0].get(name)) && JSON.stringify(hiddenBelow(request, name)) === first;
  });
}

function hiddenBelow({ redactions }, name) {
  return redactions.filter(({ path }) => isBelow(path, name));
}

function sharedValues({ toolArgs, redactions, ours }, fields, names) {
  if (!(toolArgs instanceof Map)) return argumentTree(toolArgs, redactions, ours);
  const inThem = redactions.filter(({ path }) => names.some((name) => isBelow(path, name)));
  return argumentTree(new Map(names.map((name) => [name, fields.get(name)])), inThem, ours);
}

function valueCell(request, fields, name) {
  if (!fields.has(name)) return element("span", "dim", "not there");
  return argumentTree(fields.get(name), hiddenBelow(request, name), request.ours, undefined, name);
}

function isBelow(path, key) {
  return key === "" || path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`);
}
