// What of a request is on the screen, and what is folded, cut or further down and must be opened before it can be
// approved.

const folds = ".view .fold, .view .branch[aria-expanded='false']";
const boxes = ".tool, .risk, .agent, .view .name, .view .text, .view .tree, .view .rows-box";

/** Notes whether the end of a card has been on the screen. */
const ends = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) if (isIntersecting) target.closest(".card").dataset.end = "seen";
});

/** From now on watches for `end`, the last element of the card's body. Opening something moves it away. */
export function watchEnd(card, end) {
  ends.observe(end);
  card.addEventListener("click", (event) => {
    if (event.target.closest(folds)) lookAgain(card, end);
  }, { capture: true });
}

/** To be called when the card has another end than before. */
export function lookAgain(card, end) {
  delete card.dataset.end;
  ends.unobserve(end);
  ends.observe(end);
}

/** Whether anything of the card is folded, is cut off by a box that it does not fit, or was never on the screen. */
export function hidesSomething(card) {
  return card.querySelector(folds) !== null || cutBoxes(card).length > 0 || isFurtherDown(card);
}

/** Opens everything in the card, and returns, in words, what was hidden. */
export function openAll(card) {
  const cut = cutBoxes(card).length;
  const isBelow = isFurtherDown(card);
  const hidden = { lines: 0, characters: 0, entries: 0 };
  let first = card.querySelector(folds)?.parentElement;
  for (let next = card.querySelectorAll(folds); next.length > 0; next = card.querySelectorAll(folds)) {
    for (const one of next) {
      for (const what of Object.keys(hidden)) hidden[what] += Number(one.dataset[what] ?? 0);
      one.click();
    }
  }
  card.dataset.opened = "yes";
  if (first) first.scrollIntoView({ block: "start" });
  else if (isBelow) turnPage(card);
  return words(hidden, cut, isBelow && !first);
}

/** From now on boxes cut what does not fit them, until everything is opened. */
export function foldAll(card) {
  delete card.dataset.opened;
}

function isFurtherDown(card) {
  return !card.dataset.opened && card.dataset.end !== "seen";
}

function turnPage(card) {
  const scrollers = [card.querySelector(".body"), card.closest(".detail")];
  for (const scroller of scrollers) scroller.scrollBy(0, scroller.clientHeight - 40);
}

/** Once opened, boxes cut nothing. */
function cutBoxes(card) {
  if (card.dataset.opened) return [];
  return [...card.querySelectorAll(boxes)].filter(
    (box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1,
  );
}

function words({ lines, characters, entries }, cut, isBelow) {
  const list = [];
  if (lines > 0) list.push(counted(lines, "line", "lines"));
  if (characters > 0) list.push(counted(characters, "character", "characters"));
  if (entries > 0) list.push(counted(entries, "entry", "entries"));
  if (cut > 0) list.push(counted(cut, "text that was cut", "texts that were cut"));
  if (isBelow) list.push("what stands further down");
  return list.join(", ");
}

function counted(count, one, many) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
