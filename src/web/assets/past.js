// Everything except what waits: which view an address means, and the views' code, which is loaded when a view is first
// opened.

import { loadStyle } from "./dom.js";

const parts = {
  history: async (views) => new (await import("./history_view.js")).HistoryView(views),
  overview: async (views) => new (await import("./overview_view.js")).OverviewView(views),
  record: async (views) => new (await import("./audit_view.js")).AuditView(views),
  call: async (views) => new (await import("./call_view.js")).CallView(views),
};

export class Past {
  #views = new Map();
  #styles;

  constructor(views) {
    this.views = views;
  }

  /** Shows what the address means and updates it. Shows nothing for any other address. */
  async show(path) {
    const [, name, id] = /^\/(\w*)\/?(.*)$/.exec(path);
    const view = this.views.isPast ? await this.#view(id ? "call" : name) : undefined;
    if (path !== this.views.path) return;  // somebody has gone on meanwhile
    for (const one of this.#views.values()) one.element.hidden = one !== view;
    await view?.show(path);
  }

  async #view(name) {
    this.#styles ??= Promise.all([loadStyle("audit.css"), loadStyle("past.css")]);
    try {
      await this.#styles;
    } catch (error) {
      this.#styles = undefined;
      throw error;
    }
    const found = this.#views.get(name) ?? (await parts[name](this.views));
    // If two were requested at once, one is kept.
    if (!this.#views.has(name)) {
      found.element.hidden = true;
      document.getElementById("desk").append(found.element);
      this.#views.set(name, found);
    }
    return this.#views.get(name);
  }
}
