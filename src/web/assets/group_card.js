// Several requests, decided together: those of one kind side by side, what they share told once.

import { Answer } from "./answer.js";
import { appendRows, columnHead } from "./argument_table.js";
import { argumentTree } from "./argument_tree.js";
import { kindOf, textOf } from "./differing.js";
import { button, element, setText, slot, stamp } from "./dom.js";
import { ownWords } from "./request_details.js";
import { cautionsOf, shortId } from "./request_card.js";
import { briefly } from "./request_row.js";
import { timeLeft } from "./order.js";
import { lookAgain, watchEnd } from "./seen.js";
import { showLine } from "./text.js";

export class GroupCard {
  #cells = new Map();

  /** `desk` receives decide(card, verdict, byKey), open(row) and unpick(), and has the `keyId` that it signs with. */
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

  /** Brings the results in line with the rows; builds all anew where what is to be judged has changed. */
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
    for (const [row, { result }] of this.#cells) showLine(result, row.resultText || "waits");
    this.answer.disable(!this.rows.some((row) => row.state === "pending"));
    const open = this.rows.filter((row) => row.state === "pending").length;
    if (open === this.open) return;
    this.open = open;
    this.answer.say(open === this.rows.length ? "" : `${open} of ${this.rows.length} wait for an answer.`);
  }

  #build() {
    this.#cells.clear();
    const kinds = Map.groupBy(this.rows, (row) => kindOf(row.request));
    setText(this.title, `${this.rows.length} requests together`);
    this.view.replaceChildren(...[...kinds.values()].flatMap((rows) => this.#section(rows)));
    delete this.element.dataset.opened;
    lookAgain(this.element, this.end);
    this.answer.nameControls(`these ${this.rows.length} requests`);
    this.answer.appear();
    this.showPhase();
  }

  #section(rows) {
    const { toolName, agent } = rows[0].request;
    const [tool, who] = [element("span", "tool"), element("span", "agent")];
    showLine(tool, toolName || "(no name)");
    showLine(who, agent || "another program");
    const fields = rows.map((row) => fieldsOfRow(row.request));
    const names = [...new Set(fields.flatMap((one) => [...one.keys()]))];
    const isShared = (name) => fields.every((one) => one.has(name) && textOf(one.get(name)) === textOf(fields[0].get(name)));
    const shared = rows.length > 1 ? names.filter(isShared) : [];
    const parts = [element("h3", "kind-title", tool, who, `${rows.length}`)];
    const cautions = rows.map((row) => cautionsOf(row.request, this.desk.keyId));
    const told = cautions[0].filter((text) => cautions.every((one) => one.includes(text)));
    parts.push(...told.map(cautionLine));
    if (shared.length > 0) parts.push(element("p", "dim", "The same in all:"), valueOf(rows[0].request, pick(fields[0], shared)));
    const lines = rows.map((row, index) => ({ row, fields: fields[index], cautions: cautions[index].filter((text) => !told.includes(text)) }));
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

  #tableRow({ row, fields, cautions }, names) {
    const open = button("link", "", () => this.desk.open(row));
    showLine(open, shortId(row.id));
    const risk = element("span", "risk");
    showLine(risk, row.request.risk || "no risk level");
    const cells = { left: element("span", "dim"), result: element("td", "result") };
    this.#cells.set(row, cells);
    const values = names.map((name) => element("td", "", fields.has(name) ? valueOf(row.request, fields.get(name), name) : element("span", "dim", "not there")));
    const about = element("td", "", open, risk, cells.left, ...cautions.map(cautionLine));
    const line = element("tr", "", about, ...values, cells.result);
    line.dataset.risk = row.element.dataset.risk;
    showLine(cells.result, row.resultText || "waits");
    return line;
  }
}

const policyPrefix = "policy: ";
const contextPrefix = "context: ";

/** The members of the arguments, why the call is made, and what the policy says in words of its own. */
function fieldsOfRow(request) {
  const { toolArgs } = request;
  const fields = new Map(toolArgs instanceof Map ? toolArgs : [["arguments", toolArgs]]);
  for (const [key, value] of request.context) fields.set(contextPrefix + key, value);
  for (const [key, value] of ownWords(request)) fields.set(policyPrefix + key, value);
  return fields;
}

function valueOf({ redactions, ours }, value, path = "") {
  const inner = path ? redactions.filter((one) => isBelow(one.path, path)) : redactions.filter((one) => [...value.keys()].some((key) => isBelow(one.path, key)));
  return argumentTree(value, inner, ours, undefined, path);
}

function isBelow(path, key) {
  return path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`);
}

function pick(fields, names) {
  return new Map(names.map((name) => [name, fields.get(name)]));
}

function cautionLine(text) {
  const line = element("p", "caution");
  showLine(line, text);
  return line;
}
