// One call, complete, at its own address: what was asked, who decided what on it, and what came of it.

import { argumentTree } from "./argument_tree.js";
import { lineOf, readCall, statusWord, timeOf } from "./calls.js";
import { momentText, spanText } from "./clock.js";
import { element } from "./dom.js";
import { sourceOf } from "./lossless_json.js";
import { deciderText, outcomeText } from "./outcome.js";
import { base } from "./place.js";
import { readAuditEntry, readPage, readRequest } from "./records.js";
import { callWords, factList, policyWords, requestDetails, submittedView } from "./request_details.js";
import { foldedText, showLine } from "./text.js";

const mostEntries = 200;

export class CallView {
  #shown = "";

  constructor(views) {
    this.views = views;
    Object.assign(this, views.desk);
    const back = element("a", "quiet back-link", "Back to the history");
    back.href = `${base}/history`;
    back.addEventListener("click", (event) => this.#goBack(event));
    this.back = back;
    this.title = element("h2", "call-title");
    this.title.id = "call-title";
    this.title.tabIndex = -1;
    this.body = element("div", "call-body");
    this.element = element("section", "trail", element("p", "", back), this.title, this.body);
    this.element.id = "call";
    this.element.setAttribute("aria-labelledby", "call-title");
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.element.hidden && !document.querySelector("dialog[open]")) this.back.click();
    });
  }

  async show(path) {
    const [, kind, id] = /^\/(\w+)\/(.+)$/.exec(path);
    const found = await (kind === "requests" ? this.#request(decoded(id)) : this.#call(id));
    if (path !== this.views.path) return;
    if (found.request?.status === "pending" && this.openRequest(found.request.id)) return;
    const text = JSON.stringify([path, found.text]);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#fill(found);
  }

  #goBack(event) {
    if (this.views.cameFrom !== "/history" || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    history.back();
  }

  /** Everything on record about a request. */
  async #request(id) {
    const [request, calls, entries] = await Promise.all([
      this.#unlessMissing(this.api.get(`/api/requests/${encodeURIComponent(id)}`)),
      this.api.get("/api/calls", { request_id: id, limit: 1 }),
      this.api.get("/api/audit", { request_id: id, limit: mostEntries }),
    ]);
    const [call] = (calls.get("calls") ?? []).map(readCall);
    const page = readPage(entries, "audit", readAuditEntry);
    return {
      id,
      call,
      request: request && readRequest(request.get("request")),
      entries: page.items.toReversed(),
      leftOut: page.next ? "Older entries" : "",
      text: [request?.get("request"), calls.get("calls"), entries.get("audit")].map(sourceOf),
    };
  }

  async #call(place) {
    const answer = await this.#unlessMissing(this.api.get(`/api/calls/${encodeURIComponent(place)}`));
    const call = answer && readCall(answer.get("call"));
    const text = sourceOf(answer?.get("call"));
    const leftOut = call?.othersLeftOut ? `${call.othersLeftOut.toLocaleString("en")} older entries` : "";
    return { id: place, call, text, leftOut, entries: call ? [call.decision, ...call.others.toReversed(), ...(call.end ? [call.end] : [])] : [] };
  }

  async #unlessMissing(asked) {
    try {
      return await asked;
    } catch (error) {
      if (error.status === 404 || error.status === 409) return undefined;
      throw error;
    }
  }

  #fill({ id, request, call, entries, leftOut }) {
    const what = request ?? call?.decision;
    const status = request && request.status !== "approved" ? request.status : call?.status ?? request?.status ?? "";
    this.title.replaceChildren(...(what ? [statusWord(status), " ", lineOf("tool", what.toolName || "(no name)")] : ["Nothing is on record of it"]));
    this.title.dataset.decision = status;
    this.body.replaceChildren(...(what ? this.#parts(what, request, call, entries, leftOut) : [missingWords(id)]));
    if (document.activeElement === document.body || !document.activeElement.checkVisibility()) this.title.focus();
  }

  #parts(what, request, call, entries, leftOut) {
    const decision = call?.decision;
    return [
      ...(request?.status === "pending" ? [element("p", "", "It waits for a decision and is not in the list yet: press Show more that wait.")] : []),
      ...(request && request.status !== "pending" ? [lineOf("call-outcome", outcomeText(request))] : []),
      factList(factsOf(request, call)),
      ...endWords(call),
      element("h3", "", "What was asked"),
      ...callWords(request ? request : { ...what, ours: false }),
      ...(request ? submittedView(request) : []),
      ...givenWords(decision),
      ...(request?.quorum ? [element("h3", "", "Who decides"), lineOf("", request.quorum)] : []),
      ...(request ? policyWords(request) : []),
      element("h3", "", "On record"),
      ...(leftOut ? [element("p", "dim", `${leftOut} are left out here; the record has them.`)] : []),
      entryList(entries),
      ...(request ? [requestDetails(request)] : []),
    ];
  }
}

function decoded(id) {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function missingWords(id) {
  const words = element("p", "dim", "The record has no request or call ");
  words.append(lineOf("", id, 80));
  return words;
}

function factsOf(request, call) {
  const { decision, end } = call ?? {};
  const asked = request?.createdAt ?? NaN;
  const span = (from, to) => (Number.isNaN(from) || !(to >= from) ? "" : spanText(Math.max(1, Math.round((to - from) / 1000))));
  const seen = decision?.metadata.get("shown");
  return [
    ["asked by", request?.agent || call?.agent],
    ["asked", Number.isNaN(asked) ? "" : momentText(asked)],
    ["decided", decision && `${momentText(decision.time)} ${deciderText(decision)}`],
    ["after", decision && span(asked, decision.time)],
    ["on the screen", typeof seen === "string" ? seen : ""],
    ["signed", decision?.signed ? "yes" : ""],
    ["ended", end && momentText(end.time)],
    ["note", decision?.notes],
  ];
}

/** What the tool returned, if that is recorded, or why it did not run or failed. */
function endWords(call) {
  if (!call?.end?.notes) return [];
  const heads = { executed: "What it returned", failed: "How it failed", refused: "Why it did not start" };
  return [element("h3", "", heads[call.end.decision] ?? "How it ended"), element("div", "entry-words", foldedText(call.end.notes))];
}

/** What a reviewer gave along with the verdict. */
function givenWords(decision) {
  const titles = { edited: "What its reviewer edited", granted: "What its reviewer granted", answer: "What its reviewer answered" };
  return Object.entries(titles).flatMap(([key, title]) => {
    const value = decision?.metadata.get(key);
    if (value === undefined || value === null) return [];
    const words = typeof value === "string" ? element("div", "entry-words", foldedText(value)) : argumentTree(value);
    return [element("h3", "", title), words];
  });
}

function entryList(entries) {
  const list = element("ol", "story");
  for (const entry of entries) {
    const line = element("li", "", timeOf(entry.time, momentText(entry.time)), " ", statusWord(entry.decision), " ", lineOf("dim", deciderText(entry)));
    line.dataset.decision = entry.decision;
    if (entry.notes) line.append(element("div", "entry-words", foldedText(entry.notes)));
    const fine = element("code", "dim");
    showLine(fine, entry.ours ? `place ${entry.sequence}, hash ${entry.hash}` : "written by another program, outside the chain");
    line.append(fine);
    list.append(line);
  }
  return list;
}
