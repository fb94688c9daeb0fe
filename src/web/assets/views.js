// The views of the page, each at its own address: what waits, and everything that was. The code of the latter is loaded
// when one of them is opened.

import { base } from "./place.js";

const past = /^\/(history|overview|record|requests\/.+|calls\/.+)$/;

export class Views {
  /** The address from which a link was followed; empty if somebody came another way. */
  cameFrom = "";
  #past;

  /** `desk`: what the views of the past need. `failed()` is called if one of them could not be shown. */
  constructor(part, desk, failed) {
    Object.assign(this, { desk, failed });
    this.queue = part.querySelector("#queue");
    this.tabs = [...part.querySelectorAll(".views > a")];
    part.addEventListener("click", (event) => this.#follow(event));
    window.addEventListener("popstate", () => {
      this.cameFrom = "";
      this.#arrive();
    });
    this.#mark();
  }

  get path() {
    return location.pathname.slice(base.length);
  }

  /** Whether something other than what waits is on the screen. */
  get isPast() {
    return past.test(this.path);
  }

  /** `isInstead`: replaces the view that is left, so that nobody comes back to it. */
  go(path, isInstead = false) {
    this.cameFrom = this.path;
    const isHere = base + path === location.pathname + location.search;
    history[isInstead || isHere ? "replaceState" : "pushState"](null, "", base + path);
    this.#arrive();
  }

  async refresh() {
    this.#past ??= this.isPast ? import("./past.js").then(({ Past }) => new Past(this)) : undefined;
    try {
      await (await this.#past)?.show(this.path);
    } catch (error) {
      if (!(await this.#past?.catch(() => false))) this.#past = undefined;
      throw error;
    }
  }

  #arrive() {
    this.#mark();
    this.refresh().catch(this.failed);
  }

  #mark() {
    this.queue.hidden = this.isPast;
    const at = !this.isPast ? "/" : /^\/\w+\//.test(this.path) ? "/history" : this.path;
    for (const tab of this.tabs) {
      if (tab.pathname === base + at) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
  }

  /** Follows a link to another view, unless it leads or should open elsewhere. */
  #follow(event) {
    const link = event.target.closest("a[href]");
    if (!link || link.origin !== location.origin || link.download || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.go(link.pathname.slice(base.length) + link.search);
  }
}
