// Charts, drawn as SVG. Whoever cannot see them finds the same figures in the table beside them.

const space = "http://www.w3.org/2000/svg";
const edge = { left: 44, right: 8, top: 8, bottom: 24 };
const barsHeight = 200;
const lineHeight = 26;
const nameWidth = 168;
const letterWidth = 7;
const leastGap = 0.25;
const widestColumn = 48;

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function picture(width, height, title, ...children) {
  const node = svg("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height, role: "img" }, ...children);
  node.setAttribute("aria-label", title);
  return node;
}

const label = (x, y, anchor, text) => svg("text", { x, y, "text-anchor": anchor }, text);

/** The least of 1, 2, 5, 10, 20 and so on that is not less than `value`. */
export function niceMost(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 5, 10].map((one) => one * power).find((one) => one >= value);
}

/** Stacked columns. `columns`: { name, parts: [number...] }; `kinds`: the class of each part, from the bottom up. */
export function columnChart(width, title, columns, kinds) {
  const most = niceMost(Math.max(1, ...columns.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0))));
  const inner = { width: width - edge.left - edge.right, height: barsHeight - edge.top - edge.bottom };
  const step = inner.width / Math.max(1, columns.length);
  const wide = Math.min(widestColumn, step * (1 - leastGap));
  const yOf = (value) => edge.top + inner.height * (1 - value / most);
  const lines = [0, most / 2, most].filter(Number.isInteger).flatMap((value) => [
    svg("line", { class: "chart-line", x1: edge.left, x2: width - edge.right, y1: yOf(value), y2: yOf(value) }),
    label(edge.left - 6, yOf(value) + 4, "end", value.toLocaleString("en")),
  ]);
  const bars = columns.map(({ name, parts }, index) => {
    let below = 0;
    const bar = svg("g", {}, svg("title", {}, `${name}: ${parts.reduce((sum, part) => sum + part, 0)}`));
    parts.forEach((part, kind) => {
      const [x, top] = [edge.left + step * (index + 0.5) - wide / 2, yOf(below + part)];
      if (part > 0) bar.append(svg("rect", { class: kinds[kind], x, y: top, width: wide, height: yOf(below) - top }));
      below += part;
    });
    return bar;
  });
  return picture(width, barsHeight, title, ...lines, ...bars, ...namesBelow(columns, step, inner.width));
}

/** As many names as there is room for. */
function namesBelow(columns, step, width) {
  const longest = Math.max(1, ...columns.map(({ name }) => name.length)) * letterWidth + 12;
  const every = Math.max(1, Math.ceil(columns.length / Math.max(1, Math.floor(width / longest))));
  return columns.flatMap(({ name }, index) =>
    index % every === 0 ? [label(Math.max(longest / 2, edge.left + step * (index + 0.5)), barsHeight - 6, "middle", name)] : []);
}

const ticks = [[1000, "1 s"], [10000, "10 s"], [60000, "1 min"], [600000, "10 min"], [3600000, "1 h"], [36000000, "10 h"]];

/** Lines from one length of time to another, on a logarithmic scale. `rows`: { name, from, to } in milliseconds. */
export function spanChart(width, title, rows) {
  const names = Math.min(nameWidth, width / 3);
  const most = Math.max(10000, ...rows.map(({ to }) => to)) * 1.2;
  const start = 200;
  const xOf = (time) => names + ((width - names - edge.right) * Math.log(Math.max(time, start) / start)) / Math.log(most / start);
  const height = rows.length * lineHeight + edge.bottom + edge.top;
  const room = Math.floor(names / letterWidth) - 1;
  let last = names - 50;
  const scale = ticks.filter(([time]) => time < most && xOf(time) - last >= 50 && (last = xOf(time))).flatMap(([time, text]) => [
    svg("line", { class: "chart-line", x1: xOf(time), x2: xOf(time), y1: edge.top, y2: height - edge.bottom }),
    label(xOf(time), height - 6, "middle", text),
  ]);
  const spans = rows.flatMap(({ name, from, to }, index) => {
    const y = edge.top + lineHeight * (index + 0.5);
    const short = name.length > room ? `${name.slice(0, room - 1)}\u2026` : name;
    return [
      label(names - 8, y + 4, "end", short),
      svg("line", { class: "chart-span", x1: xOf(from), x2: xOf(to), y1: y, y2: y }),
      svg("circle", { class: "chart-median", cx: xOf(from), cy: y, r: 5 }),
      svg("rect", { class: "chart-p90", x: xOf(to) - 2, y: y - 6, width: 4, height: 12 }),
    ];
  });
  return picture(width, height, title, ...scale, ...spans);
}
