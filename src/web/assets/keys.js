// The keys of the desk. No key that was meant for a text field ever gets here: neither one that was typed into it, nor
// what somebody goes on typing after the field has lost the focus by itself.

const typingPause = 1500;
const lostFocusPause = 5000;
const opensText = new Set(["n", "e", "g", "w", "/"]);

export class Keys {
  #strayUntil = -Infinity;
  #isLeaving = false;

  /** `actions`: what each key does, by its name. None does anything while `isElsewhere()`. */
  constructor(part, actions, isElsewhere) {
    this.actions = actions;
    this.isElsewhere = isElsewhere;
    part.addEventListener("keydown", (event) => this.#pressed(event));
    part.addEventListener("pointerdown", () => this.#leave(), { capture: true });
    part.addEventListener("focusin", () => (this.#isLeaving = false));
    part.addEventListener("focusout", (event) => this.#lost(event), { capture: true });
  }

  #pressed(event) {
    if (isTextField(event.target)) return this.#typed(event);
    if (event.key === "Tab" || event.key === "Escape") this.#leave();
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (this.isElsewhere() || event.target.closest("select")) return;
    if (performance.now() < this.#strayUntil) return this.#stray(typingPause);
    const isMove = event.key === "j" || event.key === "k";
    if (!Object.hasOwn(this.actions, event.key) || (event.repeat && !isMove)) return;
    if (this.actions[event.key]() !== false) event.preventDefault();
    // The field could not take the focus, but the person goes on typing into it.
    if (opensText.has(event.key) && !isTextField(document.activeElement)) this.#stray(lostFocusPause);
  }

  #typed(event) {
    const isEntered = event.key === "Enter" && event.target instanceof HTMLInputElement;
    if (event.key === "Tab") return this.#leave();
    if (event.isComposing || (event.key !== "Escape" && !isEntered)) return this.#stray(typingPause);
    if (this.isElsewhere()) return;
    this.#leave();
    this.actions.Escape();
    event.preventDefault();
  }

  /** The next keys are for the desk. */
  #leave() {
    this.#isLeaving = true;
    this.#strayUntil = -Infinity;
  }

  #stray(pause) {
    this.#strayUntil = Math.max(this.#strayUntil, performance.now() + pause);
  }

  /** If nobody left the text field on purpose, what is typed next was meant for it. */
  #lost(event) {
    if (isTextField(event.target) && !this.#isLeaving && document.hasFocus()) this.#stray(lostFocusPause);
    this.#isLeaving = false;
  }
}

const noText = new Set(["checkbox", "radio", "button", "submit", "reset"]);

function isTextField(node) {
  if (node instanceof HTMLInputElement) return !noText.has(node.type);
  return node instanceof HTMLTextAreaElement || node?.isContentEditable === true;
}
