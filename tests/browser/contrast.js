// Returns the texts on the page whose contrast is under WCAG's AA: [text, ratio].

const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

/** Red, green, blue and alpha of any colour that CSS can write. */
function channels(color) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
}

function over([red, green, blue, alpha], under) {
  return [red, green, blue].map((value, index) => value * alpha + under[index] * (1 - alpha));
}

function backgroundOf(node) {
  const layers = [];
  for (let one = node; one; one = one.parentElement) {
    layers.unshift(channels(getComputedStyle(one).backgroundColor));
  }
  return layers.reduce((under, layer) => over(layer, under), [255, 255, 255]);
}

function luminance(color) {
  const [red, green, blue] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(node) {
  const background = backgroundOf(node);
  const color = over(channels(getComputedStyle(node).color), background);
  const [low, high] = [luminance(color), luminance(background)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function isMeant(node) {
  return node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !node.closest("[aria-disabled=true]");
}

const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const faults = new Map();
while (walker.nextNode()) {
  const node = walker.currentNode.parentElement;
  const text = walker.currentNode.data.trim();
  if (!text || !isMeant(node) || node.closest("script, template, noscript")) continue;
  const ratio = contrast(node);
  if (ratio < 4.5) faults.set(`${node.className || node.tagName}: ${text.slice(0, 30)}`, ratio.toFixed(2));
}
return [...faults];
