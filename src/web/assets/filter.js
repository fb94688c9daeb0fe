// Which requests of the list are shown: by tool, agent, risk and text.

import { element } from "./dom.js";
import { visible } from "./text.js";

const facets = { tool: "toolName", agent: "agent", risk: "risk" };

export class Filter {
  #choices = {};
  #haystacks = new WeakMap();

  /** `changed()` is called when the choice changes. */
  constructor(part, changed) {
    this.text = part.querySelector("#filter-text");
    this.text.addEventListener("input", changed);
    for (const name of Object.keys(facets)) {
      this.#choices[name] = part.querySelector(`#filter-${name}`);
      this.#choices[name].addEventListener("change", changed);
    }
  }

  /** Whether the request is to be shown. */
  fits(request) {
    for (const [name, field] of Object.entries(facets)) {
      const { value } = this.#choices[name];
      if (value !== "" && value !== `=${request[field]}`) return false;
    }
    const words = this.text.value.trim().toLowerCase();
    return words === "" || this.#haystack(request).includes(words);
  }

  /** Offers the values that `requests` have. */
  offer(requests) {
    for (const [name, field] of Object.entries(facets)) {
      const values = [...new Set(requests.map((request) => request[field]))].sort();
      this.#fill(this.#choices[name], values);
    }
  }

  #fill(choice, values) {
    const known = JSON.stringify(values);
    if (choice.known === known || choice === document.activeElement) return;
    choice.known = known;
    const { value } = choice;
    const options = values.map((one) => {
      const option = element("option", "", visible(one.slice(0, 80)) || "(none)");
      option.value = `=${one}`;
      return option;
    });
    choice.replaceChildren(choice.firstElementChild, ...options);
    choice.value = value;
    if (choice.selectedIndex < 0) choice.value = "";
  }

  #haystack(request) {
    if (!this.#haystacks.has(request)) {
      this.#haystacks.set(request, [request.id, request.agent, request.shown].join("\n").toLowerCase());
    }
    return this.#haystacks.get(request);
  }
}
