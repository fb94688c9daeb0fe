// The desk: the list of what waits, the request that is open beside it, and what becomes of decisions.

import { Decisions } from "./decisions.js";
import { DetailPane } from "./detail_pane.js";
import { kindOf } from "./differing.js";
import { Filter } from "./filter.js";
import { KnownRequests } from "./known_requests.js";
import { pressingText } from "./order.js";
import { RequestList } from "./request_list.js";
import { visible } from "./text.js";

const settleTime = 400;

export class RequestsView {
  #current;

  /** `onStale()` asks for everything to be updated. */
  constructor({ api, clock, announcer, masthead, onStale }, part) {
    Object.assign(this, { api, clock, announcer, masthead, onStale });
    this.list = new RequestList(part, this);
    this.detail = new DetailPane(part, this);
    this.filter = new Filter(part, () => this.#applyFilter());
    this.decisions = new Decisions(part, this);
    this.known = new KnownRequests(this);
    for (const name of ["queue", "queue-empty", "queue-more", "clear-ended", "together", "selection", "filter-none"]) {
      this[name] = part.querySelector(`#${name}`);
    }
    this["queue-more"].addEventListener("click", () => this.#showMore());
    this["clear-ended"].addEventListener("click", () => this.#removeEnded());
    this.list.sorter.addEventListener("click", () => this.sortIn());
    this.together.addEventListener("click", () => this.showTogether());
    part.querySelector("#unpick").addEventListener("click", () => this.unpick());
    part.querySelector("#back").addEventListener("click", () => this.back());
  }

  get reviewer() {
    return this.api.reviewer;
  }

  get keyId() {
    return this.api.keyId;
  }

  get current() {
    return this.#current;
  }

  tick() {
    const now = this.clock.now();
    for (const row of this.known.rows) {
      if (row.tick(now) === "now") this.announcer.say(`${visible(row.request.toolName)} ends in ten seconds`);
      if (row.isOverdue) this.known.noteChange(row.id);
    }
    this.detail.tick(now);
    this.masthead.showPressing(pressingText(this.known.waiting, now));
    if (this.known.haveChanged) this.onStale();
    if (this.list.isLeftAlone) this.settle();
  }

  /** A card calls this when somebody decides. */
  decide(card, verdict, byKey) {
    this.decisions.decide(card, verdict, byKey);
  }

  /** To be called when decisions were taken back. */
  reopen(rows) {
    if (rows.length === 1) return this.open(rows[0]);
    for (const row of rows) row.isPicked = true;
    this.picked();
    this.showTogether();
  }

  /** `press` is the click that opened it. A click by the keyboard also moves the focus into the request. */
  open(row, press) {
    this.#setCurrent(row);
    this.detail.show(row, this.clock.now());
    this.queue.dataset.pane = "detail";
    if (press && (press.detail === 0 || !this.detail.isBeside)) this.detail.card.slots.body.focus();
  }

  dismiss(row) {
    // The button appears under the pointer that has just decided.
    if (performance.now() - row.endedAt < settleTime) return;
    const next = this.#after(row);
    this.#remove(row);
    this.#goOn(next);
    this.finish();
  }

  picked() {
    const count = this.list.pickedRows.length;
    this.selection.hidden = count === 0;
    this.together.textContent = `Look at ${count} together`;
  }

  /** To be called when somebody has changed the selection: what is no longer selected leaves the open group. */
  repicked() {
    this.picked();
    const { card } = this.detail;
    if (!card || card.row || card.rows.every(isInGroup)) return;
    const rows = card.rows.filter(isInGroup);
    const now = this.clock.now();
    this.detail.closeGroup();
    if (rows.some((row) => row.state === "pending")) this.detail.showGroup(rows, now, card.answer.notes);
    else if (this.#current) this.detail.show(this.#current, now);
    else this.back();
  }

  showTogether() {
    const rows = this.list.pickedRows.filter((row) => row.state === "pending");
    if (rows.length === 0) return;
    this.detail.showGroup(rows, this.clock.now());
    this.queue.dataset.pane = "detail";
  }

  unpick() {
    for (const row of this.list.pickedRows) row.isPicked = false;
    this.picked();
    this.detail.closeGroup();
    if (this.#current) this.open(this.#current);
    else this.back();
  }

  sortIn() {
    this.settle();
    this.finish();
  }

  /** Back to the list, from anywhere. */
  back() {
    delete this.queue.dataset.pane;
    this.#focusCurrent();
  }

  // What the keys do.

  move(step) {
    const rows = this.list.visibleRows;
    if (rows.length === 0) return;
    const at = rows.indexOf(this.#current);
    const to = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step));
    this.open(rows[to]);
    this.#focusCurrent();
  }

  enter() {
    if (!this.#current || !this.list.element.contains(document.activeElement)) return false;
    this.open(this.#current, { detail: 0 });
    return true;
  }

  /** With a selection, the first press shows the requests side by side. */
  decideByKey(verdict) {
    const { card } = this.detail;
    if (card && !card.element.checkVisibility()) return this.open(this.#current);
    const isGroup = card !== undefined && !card.row;
    if (!isGroup && this.list.pickedRows.some((row) => row.state === "pending")) return this.showTogether();
    card?.answer.press(verdict, true);
  }

  writeNote() {
    const { card } = this.detail;
    if (card && !card.element.checkVisibility()) this.queue.dataset.pane = "detail";
    card?.answer.note.focus();
  }

  /** Opens a form of the request, by its name on the card. */
  write(form) {
    const { card } = this.detail;
    if (!card?.[form] || card[form].element.hidden) return false;
    if (!card.element.checkVisibility()) this.queue.dataset.pane = "detail";
    card[form].open();
  }

  /** Moves to the filter, above the list. */
  find() {
    this.back();
    this.filter.text.focus();
  }

  toggle() {
    if (this.#current?.state !== "pending") return;
    this.#current.isPicked = !this.#current.isPicked;
    this.repicked();
  }

  toggleKind() {
    if (this.#current) this.list.pickKind(kindOf(this.#current.request), !this.#current.isPicked);
  }

  /** Shows how far a decision has come, and why it was not taken. */
  showPhase(row, phase, fault) {
    row.showPhase(phase, fault);
    row.tick(this.clock.now());
    this.detail.update(row, false);
  }

  #setCurrent(row) {
    if (this.#current !== row) this.#current?.setCurrent(false);
    this.#current = row;
    row?.setCurrent(true);
  }

  #focusCurrent() {
    const line = this.#current?.slots.line;
    line?.focus({ preventScroll: true });
    line?.scrollIntoView({ block: "nearest" });
  }

  /** The next request that waits for a decision. After the end it goes on at the top. */
  #after(row) {
    const rows = this.list.visibleRows;
    const at = rows.indexOf(row);
    return [...rows.slice(at + 1), ...rows.slice(0, Math.max(0, at))].find((one) => one.state === "pending");
  }

  /** Moves on to the next request, which is the moment to put the list in order. Of several, the results stay open. */
  advance(rows) {
    const next = this.#after(rows.at(-1));
    for (const row of rows) row.isPicked = false;
    this.picked();
    if (!this.list.isHovered) this.settle();
    if (next && rows.length === 1) this.open(next);
    this.#focusCurrent();
    this.finish();
  }

  #goOn(next) {
    if (next && this.detail.isBeside) this.open(next);
    else this.back();
  }

  #applyFilter() {
    this.list.filter((request) => this.filter.fits(request));
    this.repicked();
    this.finish();
  }

  #showMore() {
    this.known.wantMore();
    this.onStale();
  }

  /** Puts the list in order. */
  settle() {
    const kept = this.detail.isLeftAlone ? undefined : this.#current;
    for (const row of this.list.settle(this.clock.now(), kept)) this.#forget(row);
    this.finish();
  }

  #removeEnded() {
    for (const row of this.known.rows.filter((one) => one.hasEnded)) this.#remove(row);
    this.finish();
  }

  #remove(row) {
    this.list.remove(row);
    this.#forget(row);
  }

  #forget(row) {
    this.known.forget(row);
    this.detail.remove(row);
    if (this.#current === row) this.#setCurrent(undefined);
  }

  finish() {
    const { rows, waiting } = this.known;
    const ended = rows.length - waiting.length;
    this.masthead.showCount(waiting.length, this.known.isMore);
    this.masthead.showPressing(pressingText(waiting, this.clock.now()));
    this["queue-empty"].hidden = this.known.isFirst || rows.length > 0;
    this["queue-more"].hidden = !this.known.isMore;
    this["filter-none"].hidden = rows.length === 0 || this.list.visibleRows.length > 0;
    this["clear-ended"].hidden = ended < 2;
    this["clear-ended"].textContent = `Dismiss ${ended} ended`;
    this.picked();
    this.filter.offer(rows.map((row) => row.request));
    this.list.finish();
    this.#openFirst();
  }

  /** If nothing is open beside the list, opens the most pressing request. */
  #openFirst() {
    if (this.known.isFirst || this.detail.card || !this.detail.isBeside) return;
    const first = this.list.visibleRows.find((row) => row.state === "pending");
    if (first) this.open(first);
  }
}

/** A row stays in its group until it is unselected. A decided row stays for its result. */
function isInGroup(row) {
  return row.isPicked || row.state !== "pending";
}
