// The few ways in which this page changes the document. Text goes in as text, structure comes from templates.

import { base } from "./place.js";

/** A fresh copy of the single element in the template with that id. */
export function stamp(templateId) {
  return document.getElementById(templateId).content.firstElementChild.cloneNode(true);
}

/** The descendant that its markup names with data-slot. */
export function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

/** An element with a class (may be empty) and children, which are nodes or trusted texts of this page. */
export function element(tag, className = "", ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

export function button(className, label, onClick) {
  const node = element("button", className, label);
  node.type = "button";
  node.addEventListener("click", onClick);
  return node;
}

/** Loads the style sheet of a part that is rarely needed. */
export function loadStyle(name) {
  const link = element("link");
  link.rel = "stylesheet";
  link.href = `${base}/${name}`;
  return new Promise((loaded, failed) => {
    link.onload = loaded;
    link.onerror = () => failed(new Error("A part of the page did not load."));
    document.head.append(link);
  });
}

/** Sets a text only if it differs, so that a selection or a screen reader is not disturbed. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
