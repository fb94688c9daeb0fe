// One request on the screen. Built once and then only amended, so that a note, the focus and an open fold survive
// whatever arrives.

import { agoText, showTime } from "./clock.js";
import { Countdown } from "./countdown.js";
import { element, setText, slot, stamp } from "./dom.js";
import { outcomeText } from "./outcome.js";
import { callWords, policyWords, requestDetails, submittedView } from "./request_details.js";
import { foldAll, hidesSomething, openAll } from "./seen.js";
import { showLine } from "./text.js";

const knownRisks = new Set(["low", "medium", "high", "critical"]);
const noteLimit = 16 * 1024;
const settleTime = 400;
const gone = "No longer in the record";
const hint = "Optional. The agent gets to read it.";
const parts = ["tool", "risk", "clock", "drain", "agent", "since", "id", "copy", "caution", "view", "submitted", "policy",
  "details", "answer", "note", "reject", "approve", "message", "outcome", "outcome-text", "outcome-note", "dismiss"];

export class RequestCard {
  /** `queue` receives decide(card, verdict) and dismiss(card), and has the `keyId` that it signs with. */
  constructor(request, queue) {
    this.keyId = queue.keyId;
    this.element = stamp("request-card");
    this.slots = Object.fromEntries(parts.map((name) => [name, slot(this.element, name)]));
    this.countdown = new Countdown(this.slots.clock, this.slots.drain);
    this.isOwn = false;
    this.isGone = false;
    this.isSending = false;
    this.openedAt = -Infinity;
    this.#listen(queue);
    this.say("");
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

  get isOverdue() {
    return !this.hasEnded && this.countdown.urgency === "over";
  }

  /** How much of the request is on the screen. */
  get shown() {
    return hidesSomething(this.element) ? "in part" : "whole";
  }

  get notes() {
    return this.slots.note.value;
  }

  /** Brings the card in line with the record. Returns whether what is to be judged has changed. */
  update(request) {
    const before = this.request;
    const altered = before !== undefined && before.shown !== request.shown;
    this.request = request;
    if (this.isGone) this.#comeBack();
    if (!before || altered) this.#showCall();
    if (altered && !request.submitted) this.#caution("This request has changed since it was first shown. Read it again.");
    if (this.hasEnded) this.#showOutcome();
    else if (!this.isSending) this.#setState("pending");
    return altered;
  }

  /** The record has no such request any more. */
  lose() {
    this.isGone = true;
    this.#showOutcome();
  }

  /** Time passes. Returns how pressing the request has become, when that changed. */
  tick(now) {
    showTime(this.slots.since, this.request.createdAt, agoText(now - this.request.createdAt));
    if (this.hasEnded) return undefined;
    const before = this.countdown.urgency;
    const urgency = this.countdown.show(this.request, now);
    if (urgency === "over") this.#disable(true);
    return urgency === before ? undefined : urgency;
  }

  /** Why the note cannot be sent; empty when it can. */
  noteFault() {
    const bytes = new TextEncoder().encode(this.notes).length;
    return bytes > noteLimit ? `The note is ${(bytes - noteLimit).toLocaleString("en")} bytes too long.` : "";
  }

  startSending() {
    this.isSending = true;
    this.#setState("sending");
    this.say("Sending\u2026");
  }

  stopSending(message = "") {
    this.isSending = false;
    this.#setState(this.hasEnded ? "ended" : "pending");
    this.say(message, true);
  }

  say(message, isFault = false) {
    showLine(this.slots.message, message || hint);
    this.slots.message.classList.toggle("fault", isFault && message !== "");
  }

  #listen(queue) {
    const { approve, reject, dismiss, copy, note } = this.slots;
    approve.addEventListener("click", (event) => this.#press(queue, "approve", event));
    // A key that is held down is one press.
    approve.addEventListener("keydown", (event) => event.repeat && event.preventDefault());
    reject.addEventListener("click", () => this.#press(queue, "reject"));
    dismiss.addEventListener("click", () => queue.dismiss(this));
    copy.addEventListener("click", () => this.#copyId());
    note.addEventListener("input", () => this.say(this.noteFault(), true));
  }

  #press(queue, verdict, press) {
    if (this.slots[verdict].ariaDisabled === "true") return;
    if (verdict === "reject" || this.#isSeen(press)) queue.decide(this, verdict);
  }

  /** Whether all of the request was on the screen before this press; if not, the press opens it. */
  #isSeen(press) {
    if (hidesSomething(this.element)) {
      this.say(`Not seen yet: ${openAll(this.element)}. All of it is open now. Read it, then approve.`, true);
      this.openedAt = performance.now();
      return false;
    }
    // The second half of a double click is not a decision of its own.
    const hasBeenOpened = this.openedAt > -Infinity;
    return !hasBeenOpened || (press.detail <= 1 && performance.now() - this.openedAt >= settleTime);
  }

  async #copyId() {
    const { copy } = this.slots;
    try {
      await navigator.clipboard.writeText(this.id);
      copy.dataset.done = "yes";
      copy.ariaLabel = "Copied";
    } catch {
      copy.dataset.done = "no";
      copy.ariaLabel = "The browser did not allow copying";
    }
    copy.title = copy.ariaLabel;
  }

  #showCall() {
    const { tool, agent, id, view, submitted, policy, details } = this.slots;
    const { request } = this;
    showLine(tool, request.toolName || "(no name)");
    showLine(agent, request.agent || "another program");
    showLine(id, shortId(request.id));
    this.#showRisk();
    if (needsOtherKey(request, this.keyId)) this.#caution(otherKeyText(request));
    if (!request.ours) this.#caution("Written by another program, which can still change it after your decision.");
    view.replaceChildren(...callWords(request));
    submitted.replaceChildren(...submittedView(request));
    if (request.submitted) this.#showChange();
    policy.replaceChildren(...policyWords(request));
    foldAll(this.element);
    details.replaceChildren(requestDetails(request));
    this.#nameControls(tool.textContent);
  }

  #showChange() {
    this.slots.view.prepend(element("h4", "", "What its row says now"));
    this.#caution("Another program changed this request after its agent asked, so it cannot be approved.");
  }

  #nameControls(tool) {
    const { approve, reject, note, dismiss } = this.slots;
    approve.ariaLabel = `Approve ${tool}`;
    reject.ariaLabel = `Reject ${tool}`;
    note.ariaLabel = `Note on ${tool}`;
    dismiss.ariaLabel = `Dismiss ${tool}`;
  }

  #showRisk() {
    const { risk } = this.slots;
    const level = this.request.risk;
    showLine(risk, level ? `${level} risk` : "no risk level");
    this.element.dataset.risk = knownRisks.has(level.toLowerCase()) ? level.toLowerCase() : "other";
  }

  #caution(text) {
    showLine(this.slots.caution, text);
    this.slots.caution.hidden = false;
  }

  #showOutcome() {
    const { outcome, note } = this.slots;
    showLine(this.slots["outcome-text"], this.outcome);
    showLine(this.slots["outcome-note"], this.request.runNote || this.request.notes);
    setText(this.slots.clock, "");
    this.element.dataset.outcome = this.isGone ? "gone" : this.request.status;
    if (!outcome.hidden) return;
    const hadFocus = this.slots.answer.contains(document.activeElement);
    outcome.hidden = false;
    note.readOnly = true;
    this.#setState("ended");
    if (hadFocus) outcome.focus({ preventScroll: true });
  }

  #comeBack() {
    this.isGone = false;
    if (!this.hasEnded) this.slots.outcome.hidden = true;
  }

  #setState(state) {
    this.element.dataset.state = state;
    this.slots.answer.inert = state === "ended";
    this.slots.note.readOnly = state !== "pending";
    this.#disable(state !== "pending" || this.isOverdue);
  }

  #disable(isDisabled) {
    this.slots.approve.ariaDisabled = String(isDisabled);
    this.slots.reject.ariaDisabled = String(isDisabled);
  }
}

/** Whether an approval from here would not count with the agent. */
function needsOtherKey({ signers }, keyId) {
  return signers.size > 0 && ![...signers.values()].includes(keyId);
}

function otherKeyText({ signers }) {
  const names = [...signers.keys()].join(" or ");
  return `An approval counts only if ${names} signs it, and this server has no such key.`;
}

function shortId(id) {
  return id.length > 8 ? id.slice(0, 8) : id;
}
