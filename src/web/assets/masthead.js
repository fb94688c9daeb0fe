// What is around the work: who reviews, how the connection is, how many wait.

import { setText, slot } from "./dom.js";
import { base } from "./place.js";
import { showLine } from "./text.js";

const states = {
  connecting: "Connecting",
  live: "Live",
  polling: "Checking every 3 s",
  lost: "Not connected",
  "signed-out": "Signed out",
};

export class Masthead {
  #retryAt = 0;
  #why = "";

  constructor(documentPart, announcer) {
    this.body = documentPart.body;
    this.document = documentPart;
    this.announcer = announcer;
    this.connection = documentPart.getElementById("connection");
    this.notice = documentPart.getElementById("notice");
    this.who = documentPart.getElementById("who");
  }

  showReviewer(name) {
    this.who.hidden = name === "";
    showLine(slot(this.who, "name"), name);
  }

  /** `delay`: milliseconds until the next try; `why`: what went wrong. */
  showConnection(state, delay = 0, why = "") {
    this.#why = why;
    const before = this.body.dataset.connection;
    this.body.dataset.connection = state;
    setText(slot(this.connection, "text"), states[state]);
    this.#retryAt = performance.now() + delay;
    this.notice.hidden = state !== "lost";
    if (before !== state) this.#announce(before, state);
    this.tick();
  }

  showCount(count, isMore) {
    const number = `${count}${isMore ? "+" : ""}`;
    setText(this.document.getElementById("queue-count"), count > 0 ? number : "");
    const title = count > 0 ? `(${number}) ApproveKit` : "ApproveKit";
    if (this.document.title === title) return;
    this.document.title = title;
    this.document.getElementById("icon").href = `${base}/icon${count > 0 ? "_waiting" : ""}.svg`;
  }

  /** What cannot wait, in words. */
  showPressing(text) {
    setText(this.document.getElementById("pressing"), text);
  }

  tick() {
    if (this.notice.hidden) return;
    const seconds = Math.max(0, Math.ceil((this.#retryAt - performance.now()) / 1000));
    const when = seconds > 0 ? `Trying again in ${seconds} s.` : "Trying again now.";
    showLine(slot(this.notice, "text"), `${this.#why} ${when}`);
  }

  #announce(before, state) {
    if (state === "lost") this.announcer.say(this.#why);
    if (before === "lost" && state === "live") this.announcer.say("Connected again");
  }
}
