"use strict";

/* Nodes from data.  Text of models and environments is only ever a text node; characters that would
   turn text round or steer a terminal are shown as their code. */

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

function code(character) {
  const point = character.codePointAt(0);
  if (point < 0x100) return `\\x${point.toString(16).padStart(2, "0")}`;
  if (point < 0x10000) return `\\u${point.toString(16).padStart(4, "0")}`;
  return `\\u{${point.toString(16)}}`;
}

/* For where only text can stand: attributes, options of a select. */
const plain = (text) => String(text).replace(CONTROL, code);

function visible(text) {
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(CONTROL)) {
    if (match.index > end) fragment.append(text.slice(end, match.index));
    fragment.append(el("span", { class: "control" }, code(match[0])));
    end = match.index + match[0].length;
  }
  fragment.append(text.slice(end));
  return fragment;
}

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  setAll(node, attributes);
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) node.append(typeof child === "string" ? visible(child) : child);
  }
  return node;
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAll(node, attributes);
  node.append(...children);
  return node;
}

function setAll(node, attributes) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, plain(value));
  }
}

const present = (value) => value !== null && value !== undefined;
const fixed = (value) => (present(value) ? value.toFixed(3) : "");
const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
const count = (value) => value.toLocaleString("en");
const many = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
const shortName = (id) => id.replace(/^stepagent\//, "");

async function inflate(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

/* A table whose first column names the rows; it scrolls by itself where it is too wide. */
function table(caption, headings, rows) {
  const head = headings.map((text, i) => el("th", { scope: "col", class: i ? "n" : null }, text));
  const body = rows.map(([first, ...rest]) =>
    el("tr", { class: first.mark || null }, el("th", { scope: "row" }, first.label ?? first),
      rest.map((cell) => el("td", { class: "n" }, cell))));
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    el("table", null, el("caption", { class: "hidden" }, caption),
      el("thead", null, el("tr", null, head)), el("tbody", null, body)));
}
