// What of a request is on the screen, and what is folded or cut and has to be opened before it can be approved.

const folds = ".view .fold, .view .branch[aria-expanded='false']";
const boxes = ".tool, .risk, .agent, .view .name, .view .text, .view .tree";

/** Whether anything of the card is folded, or cut off by a box that it does not fit. */
export function hidesSomething(card) {
  return card.querySelector(folds) !== null || cutBoxes(card).length > 0;
}

/** Opens everything of the card and returns, in words, what was hidden. */
export function openAll(card) {
  const cut = cutBoxes(card).length;
  const hidden = { characters: 0, entries: 0 };
  let first = card.querySelector(folds)?.parentElement;
  for (let next = card.querySelectorAll(folds); next.length > 0; next = card.querySelectorAll(folds)) {
    for (const one of next) {
      hidden.characters += Number(one.dataset.characters ?? 0);
      hidden.entries += Number(one.dataset.entries ?? 0);
      one.click();
    }
  }
  card.dataset.opened = "yes";
  first ??= card;
  first.scrollIntoView({ block: "start" });
  return words(hidden, cut);
}

/** From now on boxes cut what does not fit them, until all of it is opened. */
export function foldAll(card) {
  delete card.dataset.opened;
}

/** Once opened, no box has an end. */
function cutBoxes(card) {
  if (card.dataset.opened) return [];
  return [...card.querySelectorAll(boxes)].filter(
    (box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1,
  );
}

function words({ characters, entries }, cut) {
  const list = [];
  if (characters > 0) list.push(counted(characters, "character", "characters"));
  if (entries > 0) list.push(counted(entries, "entry", "entries"));
  if (cut > 0) list.push(counted(cut, "text that was cut", "texts that were cut"));
  return list.join(", ");
}

function counted(count, one, many) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
