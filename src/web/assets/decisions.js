// What becomes of a press: it is held if it came by key, then sent, and its result is told.

import { ApiError } from "./api.js";
import { HeldDecisions, pauseFor } from "./held_decisions.js";
import { timeLeft } from "./order.js";
import { longestName, visible } from "./text.js";

const notConnected = "Not connected: nothing was sent.";

export class Decisions {
  #held;

  /** `desk` is the RequestsView. */
  constructor(part, desk) {
    this.desk = desk;
    this.#held = new HeldDecisions(part, this);
  }

  /** A decision by key is held for a moment. Meanwhile the next request is shown. */
  decide(card, verdict, byKey) {
    const isEditing = verdict === "approve" && card.edit !== undefined;
    const isGranting = verdict === "approve" && card.grant !== undefined;
    const reply = verdict === "answer" ? card.reply : undefined;
    const faults = [card.answer.noteFault, isEditing && card.edit.fault, isGranting && card.grant.fault, reply?.fault];
    const fault = isLost() ? notConnected : faults.find(Boolean);
    if (fault) return card.answer.say(fault, true);
    const { notes, shown } = card.answer;
    const rows = card.rows.filter((row) => row.state === "pending");
    const edits = isEditing ? card.edit.text : "";
    const grant = isGranting ? card.grant.text : "";
    const words = reply?.text;
    const decisions = rows.map((row) => ({ row, verdict, notes, shown, edits, grant, words, request: row.request }));
    return byKey ? this.#hold(decisions) : this.send(decisions);
  }

  undo() {
    this.#held.undo();
  }

  /** To be called when the request of that row has changed or ended. Returns whether a decision was held for it. */
  cancel(row) {
    return this.#held.cancel(row);
  }

  takeBack(decisions) {
    const rows = decisions.map(({ row }) => row);
    for (const row of rows) this.desk.showPhase(row, "pending");
    this.desk.announcer.say("Taken back: nothing was sent");
    this.desk.reopen(rows);
  }

  /** Sends them one after the other. Each has its own result. */
  async send(decisions) {
    for (const { row } of decisions) this.desk.showPhase(row, "sending");
    for (const decision of decisions) await this.#sendOne(decision);
    this.desk.finish();
  }

  #hold(decisions) {
    if (decisions.length === 0) return;
    const rows = decisions.map(({ row }) => row);
    const title = titleOf(decisions);
    const now = this.desk.clock.now();
    const pause = Math.min(...rows.map((row) => pauseFor(timeLeft(row.request, now))));
    for (const row of rows) this.desk.showPhase(row, "held");
    if (pause > 0) this.#held.add(title, decisions, pause);
    else this.send(decisions);
    this.desk.announcer.say(title);
    this.desk.advance(rows);
  }

  async #sendOne(decision) {
    const { row } = decision;
    if (row.hasEnded) return this.desk.showPhase(row, "pending");
    if (isLost()) return this.#failed(row, notConnected);
    try {
      const request = await this.desk.api.decide(decision);
      row.isOwn = request.status !== "pending";
      row.hasVoted = !row.isOwn;
      if (row.hasVoted) this.desk.announcer.say("Your vote is recorded; others have to approve it too");
      this.desk.known.show(request);
      this.desk.showPhase(row, "pending");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.request?.id === row.id) this.desk.known.show(error.request);
      this.#failed(row, row.hasEnded ? "" : failureText(error));
      this.desk.known.noteChange(row.id);
      this.desk.onStale();
    }
  }

  /** `fault` is empty if the record tells why. */
  #failed(row, fault) {
    this.desk.showPhase(row, "pending", fault);
    if (fault && row !== this.desk.current) this.desk.announcer.say(visible(`${row.request.toolName}: ${fault}`));
  }
}

function isLost() {
  return document.body.dataset.connection === "lost";
}

function titleOf(decisions) {
  const verb = { approve: "Approving", reject: "Rejecting", answer: "Answering" }[decisions[0].verdict];
  return decisions.length === 1
    ? visible(`${verb} ${decisions[0].request.toolName.slice(0, longestName)}${decisions[0].edits && " with your edits"}${decisions[0].grant && " with your grant"}`)
    : `${verb} ${decisions.length} requests`;
}

function failureText(error) {
  if (error.status === 0) return "No answer came. Whether it was recorded will show here.";
  if (error.status === 401) return "The session had ended and nothing was decided. Press again.";
  return error.message;
}
