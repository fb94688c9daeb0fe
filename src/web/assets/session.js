// What this browser is signed in with: secrets that it made itself, in the storage of this origin. Other pages of the
// machine, on other ports, can neither read them nor make the browser send them, as it would send a cookie.

import { base } from "./place.js";

const sessionPlace = `approvekit-session${base}`;
const offerPlace = `approvekit-offer${base}`;
const secretBytes = 32;

/** The origin's storage, or, if the browser keeps nothing for it, a stand-in that lasts as long as this page. */
class Places {
  #own = new Map();
  #unkept = new Set();
  #isRefused = false;

  /** Whether the browser keeps nothing here, or had no room for what it was last given. */
  get isBlocked() {
    return this.#isRefused || this.#unkept.size > 0;
  }

  get(place) {
    return this.#try((storage) => storage.getItem(place)) ?? this.#own.get(place) ?? "";
  }

  set(place, text) {
    this.#own.set(place, text);
    this.#unkept.add(place);
    this.#try((storage) => {
      storage.removeItem(place); // if there is no room for the new one, the old one must not count any more
      storage.setItem(place, text);
      this.#unkept.delete(place);
    });
  }

  remove(place) {
    this.#own.delete(place);
    this.#unkept.delete(place);
    this.#try((storage) => storage.removeItem(place));
  }

  #try(use) {
    try {
      const result = use(window.localStorage);
      this.#isRefused = false;
      return result;
    } catch (error) {
      this.#isRefused = error.name !== "QuotaExceededError";
      return undefined;
    }
  }
}

/** The secrets of this browser: the one that it is signed in with, and the one that it offers along with a link. */
export class Session {
  #places = new Places();

  /** The secret of the session that this browser has, or had; empty if there was none. */
  get secret() {
    return this.#pair(sessionPlace).secret;
  }

  /** Whether this link signed this browser in. Opened again, it has nothing more to give. */
  wasBegunBy(link) {
    return this.#pair(sessionPlace).link === link;
  }

  /** Whether a reload and the next tab will be signed out. */
  get isBlocked() {
    return this.#places.isBlocked;
  }

  /** A link that was opened here and not answered yet, for example because the page was reloaded meanwhile. */
  get openLink() {
    return this.#pair(offerPlace).link;
  }

  /** The secret to sign in with by that link. It is the same each time, so that asking twice counts as asking once. */
  offerFor(link) {
    const offer = this.#pair(offerPlace);
    if (offer.link === link) return offer.secret;
    const fresh = randomHex(secretBytes);
    this.#places.set(offerPlace, `${link} ${fresh}`);
    return fresh;
  }

  /** Whether anything is kept at that place. */
  has(place) {
    return this.#places.get(place) !== "";
  }

  /** To be called when the link was accepted: this browser is signed in with `secret`. */
  begin(link, secret) {
    this.#places.set(sessionPlace, `${link} ${secret}`);
    this.withdraw();
  }

  /** To be called when the link was refused. */
  withdraw() {
    this.#places.remove(offerPlace);
  }

  #pair(place) {
    const [link = "", secret = ""] = this.#places.get(place).split(" ");
    return { link, secret };
  }
}

function randomHex(count) {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
