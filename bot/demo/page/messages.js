// One message as a node: author, content, keyboard.

import { link, render } from "./entities.js";
import { say, spoken } from "./words.js";

export function node(message, { botId, me, onCommand, onPress, onReply }) {
  const article = document.createElement("article");
  article.className = "message";
  article.dataset.id = message.message_id;
  const mine = message.from.id === me;
  article.classList.toggle("mine", mine);

  const bubble = document.createElement("div");
  bubble.className = "bubble";
  if (message.reply_to_message) bubble.append(text("span", "replied", summary(message.reply_to_message)));
  const attachment = file(message);
  if (attachment) bubble.append(attachment);
  const words = message.text ?? message.caption;
  if (words) {
    const body = document.createElement("div");
    body.className = "body";
    body.dir = "auto";
    body.append(render(words, message.entities ?? message.caption_entities ?? [], onCommand));
    bubble.append(body);
  }
  bubble.append(text("span", "stamp", time(message.date)));
  bubble.addEventListener("dblclick", () => onReply(message));
  article.append(bubble);
  if (message.reply_markup) article.append(keyboard(message, onPress));
  if (message.from.id === botId) article.dataset.bot = "yes";
  return article;
}

function keyboard(message, onPress) {
  const keys = document.createElement("div");
  keys.className = "keys";
  for (const row of message.reply_markup.inline_keyboard) {
    const line = document.createElement("div");
    for (const button of row) {
      const key = button.url ? link(button.url) : document.createElement("button");
      key.textContent = button.text;
      key.title = button.text.trim();
      if (row.length === 1 && message.reply_markup.inline_keyboard.length > 3) key.className = "alone";
      if (!button.url) {
        key.type = "button";
        key.addEventListener("click", () => onPress(message, button, key));
      }
      line.append(key);
    }
    keys.append(line);
  }
  return keys;
}

function file(message) {
  const kept = message.document ?? message.sticker ?? message.photo?.[0];
  if (!kept) return null;
  const chip = document.createElement("div");
  chip.className = "file";
  const kind = message.sticker ? "sticker" : message.photo ? "album" : "file";
  chip.append(text("span", "", message.document ? "📄" : "🖼"));
  const name = document.createElement("span");
  // Names may hold characters that turn the reading direction; they are shown without.
  const clean = (kept.file_name ?? say(kind)).replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
  name.append(text("b", "", message.document ? clean : say(kind)), " ", text("small", "", size(kept.file_size)));
  chip.append(name);
  return chip;
}

export function summary(message) {
  return (message.text ?? message.caption ?? message.document?.file_name ?? "…").slice(0, 120);
}

function text(tag, name, content) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.textContent = content;
  return made;
}

function size(bytes) {
  return bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function time(seconds) {
  const format = { hour: "2-digit", minute: "2-digit", hour12: false };
  return new Intl.DateTimeFormat(spoken() === "zh" ? "zh-CN" : "en-GB", format).format(new Date(seconds * 1000));
}
