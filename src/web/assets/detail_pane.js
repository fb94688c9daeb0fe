// What is open beside the list: one request, or several side by side.

import { LastShown } from "./before.js";
import { GroupCard } from "./group_card.js";
import { RequestCard } from "./request_card.js";

export class DetailPane {
  #cards = new Map();
  #last = new LastShown();
  #group;
  card;

  constructor(part, desk) {
    this.desk = desk;
    this.element = part.querySelector("#cards");
    this.queue = part.querySelector("#queue");
    this.hint = part.querySelector("#detail-empty");
  }

  get isLeftAlone() {
    return !this.element.matches(":hover") && !this.element.contains(document.activeElement);
  }

  /** Whether the list beside it is on the screen too. */
  get isBeside() {
    return matchMedia("(min-width: 56rem)").matches;
  }

  show(row, now) {
    if (!this.#cards.has(row)) {
      const card = new RequestCard(row, this.desk, this.#last.replace(row.request));
      this.#cards.set(row, card);
      this.element.append(card.element);
    }
    this.#swap(this.#cards.get(row), now);
  }

  showGroup(rows, now, notes = "") {
    this.closeGroup();
    this.#group = new GroupCard(rows, this.desk);
    this.#group.answer.note.value = notes;
    this.element.append(this.#group.element);
    this.#swap(this.#group, now);
  }

  closeGroup() {
    if (this.card === this.#group) this.card = undefined;
    this.#group?.element.remove();
    this.#group = undefined;
  }

  /** To be called when a row has changed. */
  update(row, isAltered) {
    this.#cards.get(row)?.update(isAltered);
    if (this.#group?.rows.includes(row)) this.#group.update(isAltered);
  }

  remove(row) {
    const card = this.#cards.get(row);
    this.#cards.delete(row);
    card?.element.remove();
    if (card && this.card === card) this.card = undefined;
  }

  /** Whether a reviewer has edited arguments of that row, or granted more like it, without sending that. */
  hasEdits(row) {
    const card = this.#cards.get(row);
    return Boolean(card?.edit?.text || card?.grant?.text);
  }

  tick(now) {
    this.card?.tick(now);
    this.hint.hidden = this.card !== undefined;
  }

  #swap(card, now) {
    if (this.card && this.card !== card) this.card.element.hidden = true;
    this.card = card;
    card.element.hidden = false;
    card.answer.appear();
    this.tick(now);
  }
}
