// The list of requests. Nothing in it moves under a pointer or a focus: new requests come at the end and ended ones
// stay, until the hand is off or somebody asks for order.

import { button, element, setText } from "./dom.js";
import { kindOf, tellingApart } from "./differing.js";
import { ordered } from "./order.js";
import { longestName, showCall, visible } from "./text.js";

const endedStay = 15000;

export class RequestList {
  #rows = [];
  #unsorted = 0;
  #isTold = true;
  #headings = new Map();

  /** `desk` receives open(row, event) and repicked(). */
  constructor(part, desk) {
    this.desk = desk;
    this.element = part.querySelector("#rows");
    this.pane = part.querySelector("#list-pane");
    this.sorter = part.querySelector("#sort-in");
    this.grouper = part.querySelector("#grouped");
    this.isGrouped = false;
    this.grouper.addEventListener("click", () => this.#group(!this.isGrouped));
    this.fits = () => true;
  }

  get rows() {
    return this.#rows;
  }

  /** The rows that the filter lets through, in the order of the screen. */
  get visibleRows() {
    return this.#rows.filter((row) => !row.element.hidden);
  }

  get pickedRows() {
    return this.#rows.filter((row) => row.isPicked);
  }

  /** Whether neither pointer nor focus is on it. */
  get isLeftAlone() {
    return !this.isHovered && !this.element.contains(document.activeElement);
  }

  get isHovered() {
    return this.pane.matches(":hover");
  }

  open(row, event) {
    this.desk.open(row, event);
  }

  picked() {
    this.desk.repicked();
  }

  /** Adds a row at the end, so that nothing has to move for it. */
  add(row) {
    this.#rows.push(row);
    row.element.hidden = !this.fits(row.request);
    this.element.append(row.element);
    row.tell(tellingApart([row.request])[0]);
    this.#unsorted += 1;
    this.#isTold = false;
  }

  remove(row) {
    this.#rows = this.#rows.filter((one) => one !== row);
    row.element.remove();
    this.#isTold = false;
  }

  /** Puts everything in order. Removes what ended a while ago, except the row `kept`, and returns what it removed. */
  settle(now, kept) {
    const old = performance.now() - endedStay;
    const due = this.#rows.filter((row) => row.hasEnded && row.endedAt < old && row !== kept);
    due.forEach((row) => this.remove(row));
    this.#rows = this.#inOrder(now);
    this.#unsorted = 0;
    this.#place();
    this.#tellApart();
    return due;
  }

  /** Hides the rows that `fits(request)` does not want. */
  filter(fits) {
    this.fits = fits;
    for (const row of this.#rows) {
      row.element.hidden = !fits(row.request);
      if (row.element.hidden) row.isPicked = false;
    }
    this.#place();
  }

  /** Says how many rows are at the end because a hand was on the list. */
  finish() {
    this.sorter.hidden = this.#unsorted === 0;
    setText(this.sorter, `Sort in ${this.#unsorted} new`);
  }

  pickKind(kind, isPicked) {
    const isMeant = (row) => row.state === "pending" && kindOf(row.request) === kind;
    for (const row of this.visibleRows.filter(isMeant)) row.isPicked = isPicked;
    this.desk.repicked();
  }

  #inOrder(now) {
    const rows = ordered(this.#rows, now);
    if (!this.isGrouped) return rows;
    const kinds = Map.groupBy(rows, (row) => kindOf(row.request));
    return [...kinds.values()].flat();
  }

  #group(isGrouped) {
    this.isGrouped = isGrouped;
    this.grouper.ariaPressed = String(isGrouped);
    this.element.classList.toggle("grouped", isGrouped);
    this.desk.sortIn();
  }

  /** Moves only what is not in its place, so that a row that stays keeps its focus and its checkbox. */
  #place() {
    const focused = document.activeElement;
    let next = this.element.firstElementChild;
    for (const node of this.#nodes()) {
      if (node === next) next = next.nextElementSibling;
      else this.element.insertBefore(node, next);
    }
    while (next) {
      const surplus = next;
      next = next.nextElementSibling;
      surplus.remove();
    }
    if (document.activeElement !== focused && this.element.contains(focused)) focused.focus({ preventScroll: true });
  }

  #nodes() {
    if (!this.isGrouped) return this.#rows.map((row) => row.element);
    const kinds = Map.groupBy(this.#rows, (row) => kindOf(row.request));
    return [...kinds].flatMap(([kind, rows]) => [this.#heading(kind, rows), ...rows.map((row) => row.element)]);
  }

  #heading(kind, rows) {
    if (!this.#headings.has(kind)) this.#headings.set(kind, kindHeading(rows[0].request, () => this.#pickAll(kind)));
    const heading = this.#headings.get(kind);
    const count = rows.filter((row) => !row.element.hidden).length;
    heading.hidden = count === 0;
    setText(heading.querySelector(".count"), String(count));
    return heading;
  }

  #pickAll(kind) {
    const rows = this.visibleRows.filter((row) => kindOf(row.request) === kind);
    this.pickKind(kind, !rows.every((row) => row.isPicked || row.state !== "pending"));
  }

  #tellApart() {
    if (this.#isTold) return;
    this.#isTold = true;
    for (const rows of Map.groupBy(this.#rows, (row) => kindOf(row.request)).values()) {
      const told = tellingApart(rows.map((row) => row.request));
      rows.forEach((row, index) => row.tell(told[index]));
    }
  }
}

function kindHeading(request, pickAll) {
  const tool = element("b", "");
  const who = element("span", "dim");
  showCall(tool, who, request, longestName);
  const all = button("quiet", "Select all", pickAll);
  all.ariaLabel = `Select all of ${visible(request.toolName.slice(0, longestName))}`;
  return element("li", "kind", tool, who, element("span", "count"), all);
}
