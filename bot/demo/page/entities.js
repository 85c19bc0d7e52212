// A text and its entities as nodes. Offsets count UTF-16 units, as JavaScript's strings do.

import { say } from "./words.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", spoiler: "span",
};

export function render(text, entities, acts) {
  const fragment = document.createDocumentFragment();
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  fill(fragment, text, sorted, 0, text.length, acts);
  return fragment;
}

// Puts text[start, end) into a node; entities inside hold others that lie wholly within them.
function fill(parent, text, entities, start, end, acts) {
  let at = start;
  for (let index = 0; index < entities.length; index++) {
    const entity = entities[index];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= to) continue;
    parent.append(between(parent, text.slice(at, from)));
    const inner = entities.slice(index + 1).filter((other) => other.offset < to);
    const node = nodeOf(entity, text.slice(from, to), acts);
    if (node.dataset?.whole) node.textContent = text.slice(from, to);
    else fill(node, text, inner, from, to, acts);
    if (entity.type === "expandable_blockquote") foldable(node);
    parent.append(node);
    at = to;
  }
  parent.append(between(parent, text.slice(at, end)));
}

// A block stands on lines of its own: the line break after it is already there.
function between(parent, text) {
  return ["BLOCKQUOTE", "PRE"].includes(parent.lastChild?.nodeName) ? text.replace(/^\n/, "") : text;
}

function nodeOf(entity, covered, acts) {
  if (entity.type === "text_link" || entity.type === "url") {
    return link(entity.url ?? covered, acts);
  }
  if (entity.type === "bot_command") {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "command";
    button.dataset.whole = "yes";
    button.addEventListener("click", () => acts.onCommand(covered));
    return button;
  }
  const node = document.createElement(TAGS[entity.type] ?? "span");
  if (entity.type === "spoiler") hidden(node);
  if (entity.type === "pre") copied(node, covered);
  if (entity.type === "pre" && entity.language) node.dataset.language = entity.language;
  return node;
}

// Hidden until it is asked for.
function hidden(node) {
  node.className = "spoiler";
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  const show = () => node.classList.add("shown");
  node.addEventListener("click", show);
  node.addEventListener("keydown", (event) => ["Enter", " "].includes(event.key) && show());
}

// Code can be taken along.
function copied(node, code) {
  node.tabIndex = 0;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = say("copy");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code);
    button.textContent = say("copied");
  });
  requestAnimationFrame(() => node.after(button));
}

// Only addresses that a browser may follow; any other stays text. A link to the bot itself stays on the page.
export function link(url, acts) {
  const payload = acts.inside(url);
  if (payload) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "command";
    button.addEventListener("click", () => acts.follow(payload));
    return button;
  }
  let safe = false;
  try {
    safe = ["http:", "https:", "tg:"].includes(new URL(url).protocol);
  } catch {
    safe = false;
  }
  const node = document.createElement(safe ? "a" : "span");
  if (safe) {
    node.href = url;
    node.target = "_blank";
    node.rel = "noopener noreferrer";
  }
  return node;
}

function foldable(quote) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "fold";
  const show = (folded) => {
    quote.classList.toggle("folded", folded);
    button.textContent = say(folded ? "more" : "less");
    button.setAttribute("aria-expanded", String(!folded));
  };
  button.addEventListener("click", () => show(!quote.classList.contains("folded")));
  quote.append(button);
  show(true);
  // What fits is not folded, as on Telegram; its height is known once it stands on the page.
  requestAnimationFrame(() => {
    if (!quote.clientHeight || quote.scrollHeight > quote.clientHeight) return;
    quote.classList.remove("folded");
    button.remove();
  });
}
