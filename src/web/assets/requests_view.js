// The queue. New requests come at the end and ended ones stay where they are, so that nothing moves under a
// pointer that is about to press.

import { ApiError } from "./api.js";
import { mayStillRun } from "./outcome.js";
import { RequestCard } from "./request_card.js";
import { visible } from "./text.js";

const pageSize = 50;
const settleTime = 400;
const endedStay = 15000;
const moved = "The list has just moved. Press again if you mean this one.";

export class RequestsView {
  #cards = new Map();
  #wanted = pageSize;
  #isMore = false;
  #isFirst = true;
  #movedAt = -Infinity;

  /** `onStale()` asks for everything to be brought up to date. */
  constructor({ api, clock, announcer, masthead, onStale }, part) {
    Object.assign(this, { api, clock, announcer, masthead, onStale });
    this.list = part.querySelector("#cards");
    this.empty = part.querySelector("#queue-empty");
    this.more = part.querySelector("#queue-more");
    this.clear = part.querySelector("#clear-ended");
    this.more.addEventListener("click", () => this.#showMore());
    this.clear.addEventListener("click", () => this.#removeEnded(() => true));
  }

  get keyId() {
    return this.api.keyId;
  }

  /** Brings every card in line with the record. */
  async refresh() {
    const pending = await this.#fetchPending();
    const fresh = pending.filter((request) => !this.#cards.has(request.id));
    for (const request of pending) this.#show(request);
    const listed = new Set(pending.map(({ id }) => id));
    await Promise.all(this.#cardsToLookAfter(listed).map((card) => this.#look(card)));
    this.#announceFresh(fresh);
    this.#finish();
  }

  tick() {
    const now = this.clock.now();
    for (const card of this.#cards.values()) {
      const urgency = card.tick(now);
      if (urgency === "now") this.announcer.say(`${visible(card.request.toolName)} ends in ten seconds`);
    }
    if ([...this.#cards.values()].some((card) => card.isOverdue)) this.onStale();
    this.#removeOld();
  }

  async decide(card, verdict) {
    const fault = this.#whyNot(card);
    if (fault) return card.say(fault, true);
    card.startSending();
    try {
      const request = await this.api.decide(card, verdict);
      card.isOwn = true;
      this.#show(request);
      card.stopSending();
    } catch (error) {
      this.#decisionFailed(card, error);
    }
    this.#finish();
  }

  dismiss(card) {
    // The button appears under the pointer that has just decided.
    if (performance.now() - card.endedAt < settleTime) return;
    this.#remove(card);
    this.#finish();
  }

  async #fetchPending() {
    const pending = [];
    let page = { next: "" };
    do {
      page = await this.api.pending(this.#wanted - pending.length, page.next);
      pending.push(...page.items);
    } while (page.next && page.items.length > 0 && pending.length < this.#wanted);
    this.#isMore = page.next !== "";
    return pending;
  }

  async #look(card) {
    try {
      const request = await this.api.request(card.id);
      if (this.#cards.has(card.id)) this.#show(request);
    } catch (error) {
      if (error.status !== 404) throw error;
      card.lose();
      this.#noteEnd(card);
    }
  }

  /** Cards that the list of pending ones says nothing about, and whose story goes on. */
  #cardsToLookAfter(listed) {
    return [...this.#cards.values()].filter(
      (card) => !listed.has(card.id) && (!card.hasEnded || mayStillRun(card.request)),
    );
  }

  #show(request) {
    const card = this.#cards.get(request.id);
    if (!card) return this.#add(request);
    const hadEnded = card.hasEnded;
    if (card.update(request)) this.#movedAt = performance.now();
    if (card.hasEnded && !hadEnded) this.#noteEnd(card);
  }

  #add(request) {
    const card = new RequestCard(request, this);
    card.appearedAt = this.#isFirst ? -Infinity : performance.now();
    card.tick(this.clock.now());
    this.#cards.set(request.id, card);
    this.list.append(card.element);
  }

  #noteEnd(card) {
    card.endedAt = performance.now();
    this.announcer.say(visible(`${card.request.toolName}: ${card.outcome}`));
  }

  #whyNot(card) {
    if (document.body.dataset.connection === "lost") return "Not connected: nothing was sent.";
    if (performance.now() - Math.max(this.#movedAt, card.appearedAt) < settleTime) return moved;
    return card.noteFault();
  }

  #decisionFailed(card, error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.request?.id === card.id) this.#show(error.request);
    card.stopSending(card.hasEnded ? "" : failureText(error));
    if (!card.hasEnded) this.onStale();
  }

  #showMore() {
    this.#wanted += pageSize;
    this.onStale();
  }

  /** Ended cards go after a while, but not those before the focus or the pointer: what is in use must not move. */
  #removeOld() {
    const cards = [...this.#cards.values()];
    const behind = cards.findLastIndex(isInUse) + 1;
    const old = cards.slice(behind).filter((card) => performance.now() - card.endedAt > endedStay);
    // A page that becomes shorter may be moved by the browser.
    if (behind === 0) this.list.style.minHeight = "";
    else if (old.length > 0) this.list.style.minHeight = `${this.list.offsetHeight}px`;
    this.#removeEnded((card) => old.includes(card));
  }

  #removeEnded(isDue) {
    const due = [...this.#cards.values()].filter((card) => card.hasEnded && isDue(card));
    if (due.length === 0) return;
    due.forEach((card) => this.#remove(card));
    this.#finish();
  }

  #remove(card) {
    this.#cards.delete(card.id);
    card.element.remove();
    this.#movedAt = performance.now();
  }

  #announceFresh(fresh) {
    if (!this.#isFirst && fresh.length === 1) {
      this.announcer.say(visible(`New request: ${fresh[0].toolName}, ${fresh[0].risk} risk`));
    } else if (!this.#isFirst && fresh.length > 1) {
      this.announcer.say(`${fresh.length} new requests`);
    }
    this.#isFirst = false;
  }

  #finish() {
    const cards = [...this.#cards.values()];
    const ended = cards.filter((card) => card.hasEnded).length;
    this.masthead.showCount(cards.length - ended, this.#isMore);
    this.empty.hidden = cards.length > 0;
    this.more.hidden = !this.#isMore;
    this.clear.hidden = ended < 2;
    this.clear.textContent = `Dismiss ${ended} ended`;
  }
}

function isInUse({ element }) {
  return element.matches(":hover") || element.contains(document.activeElement);
}

function failureText(error) {
  if (error.status === 0) return "No answer came. Whether it was recorded will show here.";
  if (error.status === 401) return "The session had ended and nothing was decided. Press again.";
  return error.message;
}
