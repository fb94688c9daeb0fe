// Keeps the page up to date: a stream of events where there is one, polling where there is none, patience where
// the server is gone.

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
   * `sync(isWhole)` brings everything up to date, session included, or only what is known to have changed;
   * `events(signal, place)` asks for the stream, from that place on; `changed(id, status)` hears of a request that
   * something has happened to, or, without an id, that anything may have; `alive(isAwake)` of every sign of the server,
   * which comes while a tab that is out of sight gets next to no timers, and of waking; `show(state, milliseconds, why)`
   * tells the person, with the time until the next try.
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

  /** The tab may have slept: its screen is old, and its stream may be dead without knowing. */
  wake() {
    this.alive(true);
    if (!this.#isSilent) return this.retry();
    this.#close();
    this.show("connecting");
    return this.#enter();
  }

  /** Once a second, as far as the browser lets it. */
  tick() {
    if (this.#isSilent) this.wake();
  }

  /** Of the wall clock, since the other one may stop while the machine sleeps. */
  get #isSilent() {
    return this.#isOpen && Math.abs(Date.now() - this.#heardAt) > silence;
  }

  /** Does at once what would have been done later. */
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

  /** What a stream that could not be taken up says, "reset", names no request: anything may have happened. */
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

  /** A stream that had held is taken up where it was left, once. */
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

  /** Brings everything up to date, or what is known to have changed; false when that failed and has been dealt with. */
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
