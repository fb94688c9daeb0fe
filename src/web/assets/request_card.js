// One request, complete. Built once and then only changed, so that a note, the focus and an open fold survive whatever
// arrives.

import { Answer } from "./answer.js";
import { Changes } from "./before.js";
import { agoText, showTime } from "./clock.js";
import { Countdown } from "./countdown.js";
import { element, setText, slot, stamp } from "./dom.js";
import { base } from "./place.js";
import { callWords, policyWords, requestDetails, submittedView } from "./request_details.js";
import { mayApprove } from "./records.js";
import { riskClass } from "./request_row.js";
import { foldAll, lookAgain, watchEnd } from "./seen.js";
import { showCall, showLine } from "./text.js";

const parts = ["tool", "risk", "clock", "drain", "body", "agent", "since", "id", "address", "copy", "caution", "view", "submitted",
  "policy", "details", "end", "foot", "outcome", "outcome-text", "outcome-note", "dismiss"];

export class RequestCard {
  /**
   * `desk` receives decide(card, verdict, byKey) and dismiss(row). It has the `reviewer`, and the `keyId` with which it
   * signs. `before` is the last request of its kind.
   */
  constructor(row, desk, before) {
    this.row = row;
    this.wasAltered = false;
    this.rows = [row];
    this.desk = desk;
    this.before = before;
    this.element = stamp("request-card");
    this.element.id = row.cardId;
    this.slots = Object.fromEntries(parts.map((name) => [name, slot(this.element, name)]));
    this.countdown = new Countdown(this.slots.clock, this.slots.drain);
    this.answer = new Answer(this.element, (verdict, byKey) => desk.decide(this, verdict, byKey));
    this.slots.foot.prepend(this.answer.element);
    this.slots.dismiss.addEventListener("click", () => desk.dismiss(row));
    this.slots.copy.addEventListener("click", () => this.#copyId());
    watchEnd(this.element, this.slots.end);
    this.update();
  }

  get request() {
    return this.row.request;
  }

  /** Updates the card from its row. `isAltered` says that what is to be judged has changed. */
  update(isAltered = false) {
    if (isAltered) this.before = this.shownRequest;
    this.wasAltered ||= isAltered;
    if (!this.shownRequest || isAltered) this.#showCall();
    else if (this.shownRequest.quorum !== this.request.quorum) this.#showCautions();
    this.shownRequest = this.request;
    if (this.row.hasEnded) this.#showOutcome();
    else this.slots.outcome.hidden = true;
    this.showPhase();
  }

  tick(now) {
    showTime(this.slots.since, this.request.createdAt, agoText(now - this.request.createdAt));
    if (this.row.hasEnded) return;
    if (this.countdown.show(this.request, now) === "over") this.answer.disable(true);
  }

  /** Shows the phase of its row: whether it can be decided now and, once, what became of the last attempt. */
  showPhase() {
    const { state, isOverdue, fault } = this.row;
    this.element.dataset.state = state;
    this.answer.element.inert = state === "ended";
    this.answer.note.readOnly = state !== "pending";
    this.#showEditPhase();
    this.answer.disable(state !== "pending" || isOverdue, mayApprove(this.request, this.desk.reviewer));
    if (state === this.told && fault === this.toldFault) return;
    [this.told, this.toldFault] = [state, fault];
    if (state === "sending") this.answer.say("Sending\u2026");
    else if (state === "held") this.answer.say("Decided by key, and not sent yet: u takes it back.");
    else this.answer.say(fault, true);
    this.edit?.tell(fault ?? "");
  }

  /** The form comes with the first request that may be edited, since hardly any may. */
  async #showEdit() {
    if (!this.edit && this.request.editable.length === 0) return;
    try {
      const { EditForm } = await import("./edit_form.js");
      this.edit ??= new EditForm();
    } catch {
      return this.answer.say("The edit form could not be loaded; open the page again to edit its arguments.", true);
    }
    this.answer.element.before(this.edit.element);
    this.edit.show(this.request);
    this.#showEditPhase();
  }

  /** Like the form for edits. */
  async #showGrant() {
    if (!this.grant && !this.request.grantable) return;
    try {
      const { GrantForm } = await import("./grant_form.js");
      this.grant ??= new GrantForm();
    } catch {
      return this.answer.say("The grant form could not be loaded; open the page again to grant more calls.", true);
    }
    this.answer.element.before(this.grant.element);
    this.grant.show(this.request);
    this.#showEditPhase();
  }

  /** The same for an answer. What was typed of it stays. */
  async #showReply() {
    if (!this.request.answerable || this.reply) return;
    try {
      const { AnswerForm } = await import("./answer_form.js");
      this.reply ??= new AnswerForm(this);
      this.showPhase();
    } catch {
      this.answer.say("The answer form could not be loaded; open the page again to answer it.", true);
    }
  }

  #showEditPhase() {
    this.grant?.setInert(this.row.state !== "pending");
    this.edit?.setReadOnly(this.row.state !== "pending");
    for (const form of [this.edit, this.reply]) if (form) form.element.inert = this.row.state === "ended";
  }

  async #copyId() {
    const { copy } = this.slots;
    try {
      await navigator.clipboard.writeText(this.request.id);
      copy.dataset.done = "yes";
      copy.ariaLabel = "Copied";
    } catch {
      copy.dataset.done = "no";
      copy.ariaLabel = "The browser did not allow copying";
    }
    copy.title = copy.ariaLabel;
  }

  #showCall() {
    const { tool, agent, id, address, view, submitted, policy, details, body, dismiss, end } = this.slots;
    const { request } = this;
    const changes = this.before && new Changes(this.before, request);
    showCall(tool, agent, request);
    showLine(id, shortId(request.id));
    address.href = `${base}/requests/${encodeURIComponent(request.id)}`;
    this.#showRisk();
    this.#showCautions();
    view.replaceChildren(...callWords(request, changes), ...(changes?.gone() ?? []));
    submitted.replaceChildren(...submittedView(request));
    if (request.submitted) view.prepend(element("h3", "", "What its row says now"));
    policy.replaceChildren(...policyWords(request));
    foldAll(this.element);
    lookAgain(this.element, end);
    details.replaceChildren(requestDetails(request));
    this.#showEdit();
    this.#showGrant();
    this.#showReply();
    this.answer.nameControls(tool.textContent);
    body.ariaLabel = `What ${tool.textContent} is to do`;
    dismiss.ariaLabel = `Dismiss ${tool.textContent}`;
    this.answer.appear();
  }

  #showRisk() {
    const level = this.request.risk;
    showLine(this.slots.risk, level ? `${level} risk` : "no risk level");
    this.element.dataset.risk = riskClass(level);
  }

  #showCautions() {
    const cautions = [this.request.limit, this.request.grant, this.request.quorum, ...cautionsOf(this.request, this.desk.keyId)].filter(Boolean);
    if (this.wasAltered) {
      cautions.push("This request has changed since it was first shown. Read it again.");
    }
    this.slots.caution.replaceChildren(...cautions.map(cautionLine));
    this.slots.caution.hidden = cautions.length === 0;
  }

  #showOutcome() {
    const { outcome, clock } = this.slots;
    showLine(this.slots["outcome-text"], this.row.outcome);
    showLine(this.slots["outcome-note"], this.request.answer || this.request.runNote || this.request.notes);
    setText(clock, "");
    this.element.dataset.outcome = this.row.isGone ? "gone" : this.request.status;
    if (!outcome.hidden) return;
    const hadFocus = this.answer.element.contains(document.activeElement);
    outcome.hidden = false;
    if (hadFocus) outcome.focus({ preventScroll: true });
  }
}

/** What a reviewer must know first, except for the votes, which change. */
export function cautionsOf(request, keyId) {
  const cautions = [];
  if (needsOtherKey(request, keyId)) cautions.push(otherKeyText(request));
  if (request.awaitsAgent) {
    cautions.push("It waits for its agent to come back: an approval counts once an agent asks again with the same key, within its start window.");
  }
  if (request.askedBefore) cautions.push(`It takes the place of request ${request.askedBefore}, asked before with the same key.`);
  if (!request.ours) cautions.push("Written by another program, which can still change it after your decision.");
  if (request.submitted) cautions.push("Another program changed this request after its agent asked, so it cannot be approved.");
  return cautions;
}

export function cautionLine(text) {
  const line = element("p", "caution");
  showLine(line, text);
  return line;
}

/** Whether the agent would not count an approval from here. */
function needsOtherKey({ signers }, keyId) {
  return signers.size > 0 && ![...signers.values()].includes(keyId);
}

function otherKeyText({ signers }) {
  const names = [...signers.keys()].join(" or ");
  return `An approval counts only if ${names} signs it, and this server has no such key.`;
}

export function shortId(id) {
  return id.length > 8 ? id.slice(0, 8) : id;
}
