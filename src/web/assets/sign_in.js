// What the page shows to somebody who is not signed in: why, and how to sign in.

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
  none: ["Open a fresh link", "Only a browser that a link of the review server signed in can see and decide requests."],
  used: ["This link has been used", "A link signs in one browser, the first that opens it. If that was not you, stop the server."],
  refused: ["This link is not valid here", "It is not the running server's. It may be from an earlier start, or cut short."],
  blocked: ["This browser forgets its session", "It keeps no site data for this address, so a reload or a new tab is signed out. Allow site data for it, or stay in the tab where you open the link."],
  ended: ["Your session has ended", "The review server was restarted, or ended it. Notes that you were writing are kept meanwhile."],
  unreachable: ["The review server does not answer", "This page goes on by itself as soon as it does."],
};

export class SignIn {
  #focused;

  /** `review`: what is shown only to whoever is signed in. */
  constructor(part, ...review) {
    this.part = part;
    this.review = review;
  }

  /** `reason`: none, used, refused, blocked, ended or unreachable. */
  close(reason) {
    const [title, text] = reasons[reason];
    const heading = this.part.querySelector("h2");
    heading.textContent = title;
    slot(this.part, "text").textContent = text;
    if (!this.part.hidden) return;
    this.#focused = document.activeElement;
    this.#swap(true);
    heading.focus();
  }

  open() {
    if (!this.review[0].hidden) return;
    this.#swap(false);
    this.#focused?.focus();
  }

  #swap(isOut) {
    this.part.hidden = !isOut;
    for (const part of this.review) part.hidden = isOut;
  }
}
