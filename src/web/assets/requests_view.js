// The desk: the list of what waits, the one that is open beside it, and what becomes of decisions.

import { Decisions } from "./decisions.js";
import { DetailPane } from "./detail_pane.js";
import { kindOf } from "./differing.js";
import { Filter } from "./filter.js";
import { pressingText } from "./order.js";
import { mayStillRun } from "./outcome.js";
import { RequestList } from "./request_list.js";
import { RequestRow } from "./request_row.js";
import { visible } from "./text.js";

const firstPage = 50;
const furtherPage = 200;
const mostAtOnce = 1000;
const mostSingly = 20;
const settleTime = 400;

export class RequestsView {
  #rows = new Map();
  #wanted = mostAtOnce;
  #isMore = false;
  #isFirst = true;
  #changed = new Set();
  #isStale = true;
  #isBusy = false;
  #current;

  /** `onStale()` asks for everything to be brought up to date. */
  constructor({ api, clock, announcer, masthead, onStale }, part) {
    Object.assign(this, { api, clock, announcer, masthead, onStale });
    this.list = new RequestList(part, this);
    this.detail = new DetailPane(part, this);
    this.filter = new Filter(part, () => this.#applyFilter());
    this.decisions = new Decisions(part, this);
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

  get keyId() {
    return this.api.keyId;
  }

  get current() {
    return this.#current;
  }

  /** Something has happened to the request of that id, which has that status now; without an id, anything may have. */
  noteChange(id = "", status = "pending") {
    if (!id) this.#isStale = true;
    else if (this.#rows.has(id) || status === "pending" || this.#isBusy) this.#changed.add(id);
  }

  /** Brings the rows of which a change was noted in line with the record, or all of them. */
  async refresh() {
    const ids = [...this.#changed];
    const isWhole = this.#isStale || ids.length > mostSingly;
    this.#changed.clear();
    this.#isStale = false;
    this.#isBusy = true;
    try {
      const known = new Set(this.#rows.keys());
      if (isWhole) await this.#refreshAll();
      else await Promise.all(ids.map((id) => this.#look(id)));
      this.#announceFresh([...this.#rows.values()].filter((row) => !known.has(row.id) && !row.hasEnded));
    } catch (error) {
      this.#isStale = true;
      throw error;
    } finally {
      this.#isBusy = false;
      this.finish();
    }
  }

  tick() {
    const now = this.clock.now();
    for (const row of this.#rows.values()) {
      if (row.tick(now) === "now") this.announcer.say(`${visible(row.request.toolName)} ends in ten seconds`);
      if (row.isOverdue) this.noteChange(row.id);
    }
    this.detail.tick(now);
    this.masthead.showPressing(pressingText(this.#pending(), now));
    if (this.#changed.size > 0) this.onStale();
    if (this.list.isLeftAlone) this.#settle();
  }

  /** A card was asked to decide. */
  decide(card, verdict, byKey) {
    this.decisions.decide(card, verdict, byKey);
  }

  /** Decisions were taken back. */
  reopen(rows) {
    if (rows.length === 1) return this.open(rows[0]);
    for (const row of rows) row.isPicked = true;
    this.picked();
    this.showTogether();
  }

  /** `press`: the click that opened it; by the keyboard it goes on into the request. */
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

  /** Somebody has changed the selection: what is not selected any more leaves the group that is open. */
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
    this.#settle();
    this.finish();
  }

  /** To the list, from wherever one is. */
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

  /** With a selection, the first press shows it side by side. */
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

  /** On to the filter, which stands above the list. */
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

  async #refreshAll() {
    const listed = await this.#fetchPending();
    const others = [...this.#rows.values()].filter(
      (row) => !listed.has(row.id) && (!row.hasEnded || (!row.isGone && mayStillRun(row.request))),
    );
    await Promise.all(others.map((row) => this.#look(row.id)));
  }

  /** Shows what waits, page by page, and returns the ids. */
  async #fetchPending() {
    const listed = new Set();
    const wanted = Math.max(this.#wanted, this.#pending().length);
    let page = { next: "" };
    do {
      const limit = listed.size === 0 ? firstPage : furtherPage;
      page = await this.api.pending(Math.min(limit, wanted - listed.size), page.next);
      for (const request of page.items) {
        this.show(request);
        listed.add(request.id);
      }
      if (this.#isFirst) this.#settle();
    } while (page.next && page.items.length > 0 && listed.size < wanted);
    this.#isMore = page.next !== "";
    return listed;
  }

  async #look(id) {
    try {
      this.show(await this.api.request(id));
    } catch (error) {
      if (error.status !== 404) throw error;
      const row = this.#rows.get(id);
      if (!row || row.isGone) return;
      row.lose();
      this.#noteEnd(row);
      this.detail.update(row, false);
    }
  }

  /** Brings the row of a request in line with it. */
  show(request) {
    const row = this.#rows.get(request.id);
    const isPending = request.status === "pending";
    if (!row) return isPending ? this.#add(request) : undefined;
    const hadEnded = row.hasEnded;
    if (hadEnded && isPending && !row.isGone) return undefined;  // an answer from before its end
    const isAltered = row.update(request);
    if (isAltered && this.decisions.cancel(row)) row.showPhase("pending", "It has changed: nothing was sent.");
    if (row.hasEnded && !hadEnded) this.#noteEnd(row);
    return this.detail.update(row, isAltered);
  }

  #add(request) {
    const row = new RequestRow(request, this.list);
    row.tick(this.clock.now());
    this.#rows.set(request.id, row);
    this.list.add(row);
  }

  #noteEnd(row) {
    row.endedAt = performance.now();
    row.isPicked = false;
    this.decisions.cancel(row);
    this.announcer.say(visible(`${row.request.toolName}: ${row.outcome}`));
  }

  /** Shows how far a decision has come, and why it was not taken. */
  showPhase(row, phase, fault) {
    row.showPhase(phase, fault);
    row.tick(this.clock.now());
    this.detail.update(row, false);
  }

  #pending() {
    return [...this.#rows.values()].filter((row) => !row.hasEnded);
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

  /** The next request that waits for a decision; from the end it goes on at the top. */
  #after(row) {
    const rows = this.list.visibleRows;
    const at = rows.indexOf(row);
    return [...rows.slice(at + 1), ...rows.slice(0, Math.max(0, at))].find((one) => one.state === "pending");
  }

  /** The hand goes on to the next one: the moment to put the list in order. Of several, the results stay open. */
  advance(rows) {
    const next = this.#after(rows.at(-1));
    for (const row of rows) row.isPicked = false;
    this.picked();
    if (!this.list.isHovered) this.#settle();
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
    this.#wanted += mostAtOnce;
    this.onStale();
  }

  #settle() {
    const kept = this.detail.isLeftAlone ? undefined : this.#current;
    for (const row of this.list.settle(this.clock.now(), kept)) this.#forget(row);
    this.finish();
  }

  #removeEnded() {
    for (const row of [...this.#rows.values()].filter((one) => one.hasEnded)) this.#remove(row);
    this.finish();
  }

  #remove(row) {
    this.list.remove(row);
    this.#forget(row);
  }

  #forget(row) {
    this.#rows.delete(row.id);
    this.detail.remove(row);
    if (this.#current === row) this.#setCurrent(undefined);
  }

  #announceFresh(fresh) {
    if (!this.#isFirst && fresh.length === 1) {
      this.announcer.say(visible(`New request: ${fresh[0].request.toolName}, ${fresh[0].request.risk} risk`));
    } else if (!this.#isFirst && fresh.length > 1) {
      this.announcer.say(`${fresh.length} new requests`);
    }
    this.#isFirst = false;
  }

  finish() {
    const waiting = this.#pending();
    const ended = this.#rows.size - waiting.length;
    this.masthead.showCount(waiting.length, this.#isMore);
    this.masthead.showPressing(pressingText(waiting, this.clock.now()));
    this["queue-empty"].hidden = this.#isFirst || this.#rows.size > 0;
    this["queue-more"].hidden = !this.#isMore;
    this["filter-none"].hidden = this.#rows.size === 0 || this.list.visibleRows.length > 0;
    this["clear-ended"].hidden = ended < 2;
    this["clear-ended"].textContent = `Dismiss ${ended} ended`;
    this.picked();
    this.filter.offer([...this.#rows.values()].map((row) => row.request));
    this.list.finish();
    this.#openFirst();
  }

  /** Where nothing is open beside the list, the most pressing request is. */
  #openFirst() {
    if (this.#isFirst || this.detail.card || !this.detail.isBeside) return;
    const first = this.list.visibleRows.find((row) => row.state === "pending");
    if (first) this.open(first);
  }
}

/** A row of a group stays in it until it is unselected; what was decided stays for its result. */
function isInGroup(row) {
  return row.isPicked || row.state !== "pending";
}
