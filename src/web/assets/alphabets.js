// Letters that pose as letters of another alphabet, such as a Cyrillic one in a Latin word.

const scripts = ["Latin", "Greek", "Cyrillic", "Armenian", "Cherokee", "Coptic", "Lisu", "Deseret", "Osage", "Tifinagh"];
const alphabets = new Map(scripts.map((name) => [name, new RegExp(`(?=\\p{L})\\p{Script=${name}}`, "u")]));

// The Greek, Cyrillic and Armenian letters that are drawn like Latin ones. In the other alphabets, most are.
const lookAlikes = new Set(
  "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u04ae\u050c\u051a\u051c" +
    "\u0474\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u043a\u0456\u0458\u0455\u04bb\u04cf\u0501\u051b\u051d\u0475" +
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03f9\u03b1\u03b3\u03b7\u03b9" +
    "\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03f2\u03f3" +
    "\u0585\u0578\u057d\u0570\u0575\u0581\u0566\u0561\u0555\u054d\u053c\u054f",
);
const withLists = new Set(["Greek", "Cyrillic", "Armenian"]);

/** Makes `judge`, a function of one character, run only once for each character. */
export function remembering(judge) {
  const known = new Map();
  return (character) => {
    if (!known.has(character)) known.set(character, judge(character));
    return known.get(character);
  };
}

const alphabetOf = remembering((letter) => scripts.find((name) => alphabets.get(name).test(letter)) ?? "");

function looksLatin({ letter, alphabet }) {
  if (alphabet === "" || alphabet === "Latin") return false;
  return !withLists.has(alphabet) || lookAlikes.has(letter);
}

/** The letters of a word with their places in the whole text. */
function lettersOf(word, start) {
  return Array.from(word.matchAll(/\p{L}/gu), ({ 0: letter, index }) => ({
    letter,
    index: start + index,
    alphabet: alphabetOf(letter),
  }));
}

/** The alphabet that a reader would take a word to be in. */
function alphabetOfWord(letters, isBesideLatin) {
  if (isBesideLatin && letters.every(looksLatin)) return "Latin";
  const inIt = letters.map(({ alphabet }) => alphabet);
  return inIt.includes("Latin") ? "Latin" : inIt.find((alphabet) => alphabet !== "");
}

/**
 * The places in `text` of such letters. There are two cases:
 * - A word mixes alphabets: all its letters except the Latin ones. If it has no Latin letters, all except those of the
 *   word's first alphabet.
 * - A word consists only of letters that look like Latin ones, and Latin letters stand next to it without a blank
 *   between: all its letters.
 */
export function posingLetters(text) {
  const posing = new Set();
  for (const token of text.matchAll(/[^\x00-\x20]+/g)) {
    if (!/[^\x00-\x7f]/.test(token[0])) continue;
    const words = Array.from(token[0].matchAll(/[\p{L}\p{M}]+/gu), (word) => lettersOf(word[0], token.index + word.index));
    const isBesideLatin = words.flat().some(({ alphabet }) => alphabet === "Latin");
    for (const letters of words) {
      const own = alphabetOfWord(letters, isBesideLatin);
      for (const { alphabet, index } of letters) if (alphabet !== "" && alphabet !== own) posing.add(index);
    }
  }
  return posing;
}
