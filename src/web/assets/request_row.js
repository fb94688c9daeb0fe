// One request as one line of the list: risk, tool, what tells it apart, who asks, time left.

import { setText, slot, stamp } from "./dom.js";
import { urgency } from "./countdown.js";
import { timeLeft } from "./order.js";
import { outcomeText } from "./outcome.js";
import { longestName, showCall, showLine, visible } from "./text.js";

const knownRisks = new Set(["low", "medium", "high", "critical"]);
const parts = ["pick", "line", "risk", "tool", "told", "agent", "left"];
const gone = "No longer in the record";
let count = 0;

/** "low", "medium", "high", "critical"; "other" for a risk with another name. */
export function riskClass(risk) {
  return knownRisks.has(risk.toLowerCase()) ? risk.toLowerCase() : "other";
}

/** "0:42", "12 min", "5 h", "3 d". */
export function briefly(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  if (seconds < 120) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86400)} d`;
}

export class RequestRow {
  /** `list` receives open(row, event) and picked(row). */
  constructor(request, list) {
    this.element = stamp("request-row");
    this.slots = Object.fromEntries(parts.map((name) => [name, slot(this.element, name)]));
    this.slots.line.dataset.card = this.cardId = `request-${++count}`;
    this.slots.line.addEventListener("click", (event) => list.open(this, event));
    this.slots.pick.addEventListener("change", () => list.picked(this));
    this.phase = "pending";
    this.urgency = "";
    this.endedAt = Infinity;
    this.isOwn = false;
    this.isGone = false;
    this.fault = "";
    this.update(request);
  }

  get id() {
    return this.request.id;
  }

  get hasEnded() {
    return this.isGone || this.request.status !== "pending";
  }

  /** What became of it, in words. */
  get outcome() {
    return this.isGone ? gone : outcomeText(this.request, this.isOwn);
  }

  /** "pending", "held" (decided by key, not sent yet), "sending" or "ended". */
  get state() {
    return this.hasEnded ? "ended" : this.phase;
  }

  get isOverdue() {
    return !this.hasEnded && this.urgency === "over";
  }

  get isPicked() {
    return this.slots.pick.checked;
  }

  set isPicked(value) {
    this.slots.pick.checked = value;
  }

  /** What has become of it, in a word or a line; empty while it waits. */
  get resultText() {
    if (this.hasEnded) return this.outcome;
    if (this.fault) return this.fault;
    return { pending: this.hasVoted ? `Voted, ${this.request.missing} more needed` : "", held: "Held for Undo", sending: "Sending\u2026" }[this.phase];
  }

  /** Updates the row from the record. Returns whether what is to be judged has changed. */
  update(request) {
    const before = this.request;
    this.request = request;
    this.isGone = false;
    const isAltered = before !== undefined && before.shown !== request.shown;
    if (!before || isAltered) this.#showCall();
    this.showPhase(this.phase, this.fault);
    return isAltered;
  }

  /** To be called when the record no longer has the request. */
  lose() {
    this.isGone = true;
    this.showPhase("pending");
  }

  /** `fault`: why a decision was not taken. */
  showPhase(phase, fault = "") {
    this.phase = phase;
    this.fault = fault;
    this.element.dataset.state = fault && !this.hasEnded ? "fault" : this.state;
    if (this.hasEnded) setText(this.slots.left, this.isGone ? "gone" : endWord(this.request.status));
    else if (fault) setText(this.slots.left, "not sent");
    else if (phase !== "pending") setText(this.slots.left, phase);
  }

  /** Shows the values that tell it apart from others of its kind. */
  tell(texts) {
    showLine(this.slots.told, texts.join("  \u00b7  ").replaceAll("  ", " "));
  }

  /** Updates the time left. Returns how pressing the request has become, if that changed. */
  tick(now) {
    if (this.hasEnded) return undefined;
    const left = timeLeft(this.request, now);
    const before = this.urgency;
    const total = Math.max(1, this.request.deadline - this.request.createdAt);
    this.urgency = Number.isNaN(left) ? "calm" : urgency(left, total);
    if (this.phase === "pending" && !this.fault) setText(this.slots.left, Number.isNaN(left) ? "" : briefly(left));
    if (this.urgency === before) return undefined;
    this.slots.left.dataset.urgency = this.urgency;
    return this.urgency;
  }

  setCurrent(isCurrent) {
    const { line, pick } = this.slots;
    if (isCurrent) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
    this.element.classList.toggle("current", isCurrent);
    line.tabIndex = pick.tabIndex = isCurrent ? 0 : -1;
  }

  #showCall() {
    const { risk, tool, agent, pick } = this.slots;
    const { request } = this;
    showLine(risk, request.risk.slice(0, longestName) || "no risk");
    showCall(tool, agent, request, longestName);
    this.element.dataset.risk = riskClass(request.risk);
    pick.ariaLabel = `Select ${visible(request.toolName.slice(0, longestName))} ${visible(request.id.slice(0, 8))}`;
  }
}

function endWord(status) {
  return status === "timeout" ? "expired" : status.slice(0, longestName);
}
