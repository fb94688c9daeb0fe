// Keeps the page up to date: a stream of events where there is one, polling where there is none, patience where
// the server is gone.

import { EventStream } from "./events.js";

const pollPeriod = 3000;
const calmPeriod = 30000;
const signedOutPeriod = 5000;
const firstDelay = 500;
const longestDelay = 15000;

/** How long to wait after that many failures in a row, spread so that many pages do not come back at once. */
export function backOff(failures, random = Math.random()) {
  const delay = Math.min(longestDelay, firstDelay * 2 ** (failures - 1));
  return Math.round(delay * (0.75 + random / 2));
}

/** The page's connection. States: "live", "polling", "lost", "signed-out". */
export class Live {
  #stream;
  #isOpen = false;
  #timer;
  #failures = 0;

  /**
   * `sync()` brings everything up to date, session included; `events(signal)` asks for the stream;
   * `changed(id, status)` hears of a request that something has happened to, or, without an id, that anything may have;
   * `show(state, milliseconds, why)` tells the person, with the time until the next try.
   */
  constructor({ sync, events, changed, show }) {
    this.sync = sync;
    this.events = events;
    this.changed = changed;
    this.show = show;
  }

  start() {
    this.#enter();
    document.addEventListener("visibilitychange", () => document.hidden || this.retry());
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
    const stream = new EventStream(this.events, {
      heard: ({ name, id, status }) => (name === "hello" ? this.#opened(stream) : this.changed(id, status)),
      ended: () => this.#dropped(),
    });
    this.#stream = stream;
  }

  #close() {
    this.#stream?.close();
    this.#isOpen = false;
  }

  async #opened(stream) {
    this.#isOpen = true;
    if (await this.#refresh()) {
      this.#failures = 0;
      if (this.#isOpen && !stream.isClosed) this.show("live");
    }
  }

  async #dropped() {
    this.#close();
    if (await this.#refresh()) {
      this.show("polling");
      this.#enterIn(pollPeriod);
    }
  }

  /** Brings everything up to date; false when that failed and has been dealt with. */
  async #refresh() {
    clearTimeout(this.#timer);
    try {
      await this.sync();
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
