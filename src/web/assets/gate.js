// The door: what stands on the page for who is not signed in, and how to get in.

import { slot } from "./dom.js";

const key = /^#sign-in=([0-9A-Za-z]+)$/;

/** Takes the link's key out of the address, so that it is neither seen nor passed on with it. */
export function takeLink(location, history) {
  const found = key.exec(location.hash);
  if (!found) return "";
  history.replaceState(null, "", location.pathname);
  return found[1];
}

const reasons = {
  none: ["Open a fresh link", "Only a browser that was signed in by a link of the review server can see and decide requests."],
  used: ["This link has been used", "A link signs in one browser, the first that opens it. If that was not you, stop the server."],
  refused: ["This link does not fit", "It is not the running server's. It may be from an earlier start, or cut short."],
  blocked: ["This browser forgets its session", "It keeps no site data for this address, so a reload or a new tab is signed out. Allow site data for it, or stay in the tab where you open the link."],
  ended: ["Your session has ended", "The review server was started anew. Notes that you were writing are kept meanwhile."],
  unreachable: ["The review server does not answer", "This page goes on by itself as soon as it does."],
};

export class Gate {
  #focused;

  constructor(gate, desk) {
    this.gate = gate;
    this.desk = desk;
  }

  /** `reason`: none, used, refused, blocked, ended or unreachable. */
  close(reason) {
    const [title, text] = reasons[reason];
    const heading = this.gate.querySelector("h2");
    heading.textContent = title;
    slot(this.gate, "text").textContent = text;
    if (!this.gate.hidden) return;
    this.#focused = document.activeElement;
    this.gate.hidden = false;
    this.desk.hidden = true;
    heading.focus();
  }

  open() {
    if (!this.desk.hidden) return;
    this.gate.hidden = true;
    this.desk.hidden = false;
    if (this.desk.contains(this.#focused)) this.#focused.focus();
  }
}
