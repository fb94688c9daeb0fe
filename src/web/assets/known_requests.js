// The requests that the page knows. Changes are noted, and the requests concerned are then looked at together.

import { mayStillRun } from "./outcome.js";
import { RequestRow } from "./request_row.js";
import { visible } from "./text.js";

const firstPage = 50;
const furtherPage = 200;
const mostAtOnce = 1000;
const mostSingly = 20;

export class KnownRequests {
  isFirst = true;
  isMore = false;
  #rows = new Map();
  #wanted = mostAtOnce;
  #changed = new Set();
  #isStale = true;
  #isBusy = false;

  /** `desk` is the RequestsView. */
  constructor(desk) {
    this.desk = desk;
  }

  get rows() {
    return [...this.#rows.values()];
  }

  get waiting() {
    return this.rows.filter((row) => !row.hasEnded);
  }

  get haveChanged() {
    return this.#changed.size > 0;
  }

  wantMore() {
    this.#wanted += mostAtOnce;
    this.#isStale = true;
  }

  forget(row) {
    this.#rows.delete(row.id);
  }

  /**
   * Notes that something has happened to the request with that id, which now has that status. Without an id, anything
   * may have happened.
   */
  noteChange(id = "", status = "pending") {
    if (!id) this.#isStale = true;
    else if (this.#rows.has(id) || status === "pending" || this.#isBusy) this.#changed.add(id);
  }

  /** Updates the rows for which a change was noted, or all rows, from the record. */
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
      this.#announceFresh(this.waiting.filter((row) => !known.has(row.id)));
    } catch (error) {
      this.#isStale = true;
      throw error;
    } finally {
      this.#isBusy = false;
      this.desk.finish();
    }
  }

  async #refreshAll() {
    const listed = await this.#fetchPending();
    const others = this.rows.filter(
      (row) => !listed.has(row.id) && (!row.hasEnded || (!row.isGone && mayStillRun(row.request))),
    );
    await Promise.all(others.map((row) => this.#look(row.id)));
  }

  /** Shows what waits, page by page. Returns the ids. */
  async #fetchPending() {
    const listed = new Set();
    const wanted = Math.max(this.#wanted, this.waiting.length);
    let page = { next: "" };
    do {
      const limit = listed.size === 0 ? firstPage : furtherPage;
      page = await this.desk.api.pending(Math.min(limit, wanted - listed.size), page.next);
      for (const request of page.items) {
        this.show(request);
        listed.add(request.id);
      }
      if (this.isFirst) this.desk.settle();
    } while (page.next && page.items.length > 0 && listed.size < wanted);
    this.isMore = page.next !== "";
    return listed;
  }

  async #look(id) {
    try {
      this.show(await this.desk.api.request(id));
    } catch (error) {
      if (error.status !== 404) throw error;
      const row = this.#rows.get(id);
      if (!row || row.isGone) return;
      row.lose();
      this.#noteEnd(row);
      this.desk.detail.update(row, false);
    }
  }

  /** Updates the row of a request. */
  show(request) {
    const row = this.#rows.get(request.id);
    const isPending = request.status === "pending";
    if (!row) return isPending ? this.#add(request) : undefined;
    const hadEnded = row.hasEnded;
    if (hadEnded && isPending && !row.isGone) return undefined;  // an answer from before its end
    const isAltered = row.update(request);
    if (isAltered && this.desk.decisions.cancel(row)) row.showPhase("pending", "It has changed: nothing was sent.");
    if (row.hasEnded && !hadEnded) this.#noteEnd(row);
    return this.desk.detail.update(row, isAltered);
  }

  #add(request) {
    const row = new RequestRow(request, this.desk.list);
    row.tick(this.desk.clock.now());
    this.#rows.set(request.id, row);
    this.desk.list.add(row);
  }

  #noteEnd(row) {
    row.endedAt = performance.now();
    row.isPicked = false;
    this.desk.decisions.cancel(row);
    this.desk.announcer.say(visible(`${row.request.toolName}: ${row.outcome}`));
  }

  #announceFresh(fresh) {
    if (!this.isFirst && fresh.length === 1) {
      this.desk.announcer.say(visible(`New request: ${fresh[0].request.toolName}, ${fresh[0].request.risk} risk`));
    } else if (!this.isFirst && fresh.length > 1) {
      this.desk.announcer.say(`${fresh.length} new requests`);
    }
    this.isFirst = false;
  }
}
