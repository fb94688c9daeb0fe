// Colours SQL, shell, JSON, diffs and programs, and marks the hosts of addresses. It only finds places in a text; what
// is shown of the text is decided elsewhere.

const string = String.raw`(?<string>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)`;
const number = String.raw`(?<number>\b\d[\d_.]*(?:[eE][+-]?\d+)?\b)`;

const languages = {
  sql: new RegExp(
    String.raw`(?<comment>--[^\n]*|/\*[^]*?(?:\*/|$))|(?<string>'(?:[^']|'')*'?)|(?<name>"[^"]*"?)|${number}|` +
      String.raw`(?<word>\b(?:select|from|where|and|or|not|in|is|null|like|between|exists|join|left|right|inner|outer|full|cross|on|using|group|order|by|having|limit|offset|union|all|distinct|as|case|when|then|else|end|insert|into|values|update|set|delete|create|alter|drop|truncate|table|view|index|trigger|database|schema|column|constraint|primary|foreign|key|references|default|unique|check|add|rename|grant|revoke|to|with|recursive|returning|begin|commit|rollback|transaction|merge|replace|cascade|asc|desc|if|exec|execute|call|copy|vacuum|analyze|explain|pragma|attach)\b)`,
    "giu",
  ),
  shell: new RegExp(
    String.raw`(?<comment>(?<![^\s;])#[^\n]*)|${string}|(?<name>\$(?:\{[^}\n]*\}?|\w+|[@*#?$!-]))|` +
      String.raw`(?<word>\b(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|in|function|sudo|exec|eval|export|set|trap)\b|[|&;<>]+|\$\(|${"`"})|(?<number>(?<=\s)--?[\w-]+)`,
    "gu",
  ),
  json: new RegExp(
    String.raw`(?<name>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\]|\\.)*")|(?<number>-?\b\d[\d.eE+-]*)|(?<word>\b(?:true|false|null)\b)`,
    "gu",
  ),
  diff: /(?<name>^(?:diff |index |--- |\+\+\+ |similarity |rename |new file|deleted file)[^\n]*)|(?<word>^@@[^\n]*)|(?<added>^\+[^\n]*)|(?<removed>^-[^\n]*)/gmu,
  code: new RegExp(
    String.raw`(?<comment>//[^\n]*|/\*[^]*?(?:\*/|$)|(?<![^\s])#[^\n]*)|${string}|(?<name>${"`"}(?:[^${"`"}\\]|\\.)*${"`"}?)|${number}|` +
      String.raw`(?<word>\b(?:if|else|elif|for|while|do|switch|case|break|continue|return|yield|await|async|function|def|fn|func|lambda|class|struct|enum|interface|import|from|export|include|require|use|using|namespace|package|public|private|static|const|let|var|auto|void|new|delete|try|catch|except|finally|raise|throw|with|as|in|is|not|and|or|None|True|False|null|nil|true|false|self|this)\b)`,
    "gu",
  ),
};

const mostColoured = 200000;

const keysOfShell = /^(?:cmd|command|commands|script|shell|bash|sh|run)$/i;
const keysOfSql = /^(?:sql|query|statement|statements)$/i;
const startsAsSql = /^(?:\s|--[^\n]*\n)*(?:select|insert|update|delete|with|create|alter|drop|merge|truncate|grant|revoke|begin)\s/i;
const startsAsDiff = /^(?:diff --git |--- \S|@@ -\d)/m;
const startsAsShell = /^#!|^\s*(?:sudo|curl|wget|git|rm|cd|echo|ssh|docker|kubectl)\s/;
const looksLikeCode = /[;{]\s*$|^\s*(?:def|class|import|from|function|const|let|#include|return)\b/m;

/** The language of a text, by its name and its look; empty for prose. */
export function languageOf(text, name = "") {
  const start = text.slice(0, 4000);
  if (startsAsDiff.test(start)) return "diff";
  if (/^\s*[[{]/.test(start) && isJson(text)) return "json";
  if (keysOfSql.test(name) || startsAsSql.test(start)) return "sql";
  if (keysOfShell.test(name) || startsAsShell.test(start)) return "shell";
  return /\n/.test(start) && looksLikeCode.test(start) ? "code" : "";
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

// Browsers read a backslash as a slash, and what comes before an @ is not a host.
const addresses = /\b[a-z][a-z0-9+.-]{0,15}:\/\/(?:[^/?#\\\s"'<>@]*@)*(?<host>[^/?#\\\s"'<>@:]+)|[^\s@<>,;:"'()/\\]{1,64}@(?<mailHost>[\p{L}\d-]+(?:\.[\p{L}\d-]+)+)/dgiu;

function hostsOf(text) {
  return Array.from(text.matchAll(addresses), ({ indices }) => {
    const [start, end] = indices.groups.host ?? indices.groups.mailHost;
    return { start, end, kind: "host" };
  });
}

function tokensOf(text, language) {
  if (!languages[language] || text.length > mostColoured) return [];
  return Array.from(text.matchAll(languages[language]), ({ 0: found, index, groups }) => ({
    start: index,
    end: index + found.length,
    kind: Object.keys(groups).find((name) => groups[name] !== undefined),
  }));
}

/** The tokens in the order of the text, cut where a host lies in one. */
export function colouring(text, language) {
  const hosts = hostsOf(text);
  if (hosts.length === 0) return tokensOf(text, language);
  const tokens = tokensOf(text, language).flatMap((token) => around(token, hosts));
  return [...tokens, ...hosts].sort((a, b) => a.start - b.start);
}

function around(token, hosts) {
  const pieces = [];
  let { start } = token;
  for (const host of hosts) {
    if (host.end <= start || host.start >= token.end) continue;
    if (host.start > start) pieces.push({ ...token, start, end: host.start });
    start = Math.min(token.end, host.end);
  }
  return start < token.end ? [...pieces, { ...token, start }] : pieces;
}
