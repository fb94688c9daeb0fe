// Keeps the page up to date: by a stream of events if there is one, by polling if there is none, by waiting if the
// server is gone.

import { EventStream } from "./events.js";

const pollPeriod = 3000;
const calmPeriod = 30000;
const signedOutPeriod = 5000;
const firstDelay = 500;
const longestDelay = 15000;
// Five heartbeats of the server.
const silence = 10000;

/** How long to wait after that many failures in a row, spread so that many pages do not come back at once. */
export function backOff(failures, random = Math.random()) {
  const delay = Math.min(longestDelay, firstDelay * 2 ** (failures - 1));
  return Math.round(delay * (0.75 + random / 2));
}

/** The page's connection. States: "connecting", "live", "polling", "lost", "signed-out". */
export class Live {
  #stream;
  #isOpen = false;
  #timer;
  #failures = 0;
  #place = "";
  #openedAt = 0;
  #heardAt = 0;

  /**
   * `sync(isWhole)` updates everything, session included, or only what is known to have changed. `events(signal,
   * place)` requests the stream, from that place on. `changed(id, status)` is told of a request to which something has
   * happened, or, without an id, that anything may have happened. `alive(isAwake)` is called for every sign of the
   * server, since a hidden tab gets next to no timers, and when the tab wakes. `show(state, milliseconds, why)` tells
   * the person, with the time until the next try.
   */
  constructor({ sync, events, changed, alive, show }) {
    this.sync = sync;
    this.events = events;
    this.changed = changed;
    this.alive = alive;
    this.show = show;
  }

  start() {
    this.#enter();
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
    document.addEventListener("resume", () => this.wake());
    window.addEventListener("pageshow", (event) => event.persisted && this.wake());
  }

  /** The tab may have slept: its screen is old, and its stream may be dead without knowing it. */
  wake() {
    this.alive(true);
    if (!this.#isSilent) return this.retry();
    this.#close();
    this.show("connecting");
    return this.#enter();
  }

  /** Called once a second, as far as the browser allows. */
  tick() {
    if (this.#isSilent) this.wake();
  }

  /** By the wall clock, since the other one may stop while the machine sleeps. */
  get #isSilent() {
    return this.#isOpen && Math.abs(Date.now() - this.#heardAt) > silence;
  }

  /** Does now what would have been done later. */
  retry() {
    if (this.#isOpen) this.#refresh();
    else this.#enter();
  }

  async #enter() {
    if (await this.#refresh()) this.#connect();
  }

  #connect() {
    this.#close();
    const stream = new EventStream((signal) => this.events(signal, this.#place), {
      heard: (event) => this.#heard(stream, event),
      alive: () => this.#hear(),
      ended: () => this.#dropped(),
    });
    this.#stream = stream;
  }

  #close() {
    this.#stream?.close();
    this.#isOpen = false;
  }

  /** A stream that could not be resumed says "reset", which names no request: anything may have happened. */
  #heard(stream, { name, id, status, place, isResumed }) {
    this.#place = place || this.#place;
    if (name === "hello") this.#opened(stream, isResumed);
    else this.changed(id, status);
  }

  #hear() {
    this.#heardAt = Date.now();
    this.alive(false);
  }

  async #opened(stream, isResumed) {
    this.#isOpen = true;
    this.#openedAt = this.#heardAt = Date.now();
    if (await this.#refresh(!isResumed)) {
      this.#failures = 0;
      if (this.#isOpen && !stream.isClosed) this.show("live");
    }
  }

  /** A stream that had lasted is resumed once, from where it was left. */
  async #dropped() {
    const hadHeld = this.#isOpen && Date.now() - this.#openedAt > silence;
    this.#close();
    if (hadHeld) {
      this.show("connecting");
      return this.#connect();
    }
    if (await this.#refresh()) {
      this.show("polling");
      this.#enterIn(pollPeriod);
    }
    return undefined;
  }

  /** Updates everything, or what is known to have changed. Returns false after a failure, which was dealt with. */
  async #refresh(isWhole = true) {
    clearTimeout(this.#timer);
    try {
      await this.sync(isWhole);
      this.#timer = setTimeout(() => this.#refresh(), calmPeriod);
      return true;
    } catch (error) {
      this.#close();
      this.#explain(error);
      return false;
    }
  }

  #explain(error) {
    const isOut = error.status === 401;
    const delay = isOut ? signedOutPeriod : backOff(++this.#failures);
    this.show(isOut ? "signed-out" : "lost", delay, error.message);
    this.#enterIn(delay);
  }

  #enterIn(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#enter(), delay);
  }
}
