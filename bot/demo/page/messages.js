// One message as a node: author, content, keyboard.

import { link, render } from "./entities.js";
import { say, spoken } from "./words.js";

const SERVICE = { new_chat_members: "came", left_chat_member: "left" };

// `acts` says who looks, and what follows from what they do.
export function node(message, acts) {
  const words = message.text ?? message.caption;
  const attachment = file(message);
  if (words === undefined && !attachment) return service(message);
  const article = document.createElement("article");
  article.className = "message";
  article.dataset.id = message.message_id;
  const mine = message.from?.id === acts.me;
  article.classList.toggle("mine", mine);

  const bubble = document.createElement("div");
  bubble.className = "bubble";
  if (acts.shared && !mine) bubble.append(text("b", "author", message.sender_chat?.title ?? message.from.first_name));
  if (message.reply_to_message) bubble.append(text("span", "replied", summary(message.reply_to_message)));
  const origin = message.forward_origin && !message.is_automatic_forward ? forwardedFrom(message.forward_origin) : "";
  if (origin) bubble.append(text("span", "forwarded", say("forwardedFrom") + origin));
  if (attachment) bubble.append(attachment);
  if (words) {
    const body = document.createElement("div");
    body.className = "body";
    body.dir = "auto";
    body.append(render(words, message.entities ?? message.caption_entities ?? [], acts));
    bubble.append(body);
  }
  const preview = message.link_preview_options?.url;
  if (preview) bubble.append(card(preview, acts));
  bubble.append(foot(message, acts));
  bubble.addEventListener("dblclick", () => acts.onReply(message));
  article.append(bubble);
  if (message.reply_markup) article.append(keyboard(message, acts));
  if (message.from?.id === acts.botId) article.dataset.bot = "yes";
  return article;
}

function foot(message, acts) {
  const line = text("span", "stamp", "");
  const reply = text("button", "answer", "↩");
  reply.type = "button";
  reply.setAttribute("aria-label", say("reply"));
  reply.addEventListener("click", () => acts.onReply(message));
  line.append(reply);
  if (acts.shared && !message.from?.is_bot) {
    const forward = text("button", "answer", "↪");
    forward.type = "button";
    forward.setAttribute("aria-label", say("forward"));
    forward.title = say("forward");
    forward.addEventListener("click", () => acts.onForward(message));
    line.append(forward);
  }
  line.append(time(message.date));
  return line;
}

function forwardedFrom(origin) {
  const chat = origin.chat ?? origin.sender_chat;
  return chat?.title ?? origin.sender_user?.first_name ?? origin.sender_user_name ?? "";
}

// Telegram shows a picture or a page of the link; nothing is fetched here.
function card(url, acts) {
  const made = link(url, acts);
  made.className = "preview";
  const address = new URL(url);
  made.append(text("b", "", address.hostname), text("small", "", decodeURI(address.pathname)));
  return made;
}

// What happened in a chat rather than was said.
function service(message) {
  const kind = Object.keys(SERVICE).find((key) => key in message);
  const line = text("p", "happened", say(SERVICE[kind] ?? "happened"));
  line.dataset.id = message.message_id;
  return line;
}

function keyboard(message, acts) {
  const keys = document.createElement("div");
  keys.className = "keys";
  for (const row of message.reply_markup.inline_keyboard) {
    const line = document.createElement("div");
    for (const button of row) {
      const key = button.url ? link(button.url, acts) : document.createElement("button");
      key.textContent = button.text;
      key.title = button.text.trim();
      if (!button.url) {
        key.type = "button";
        key.addEventListener("click", () => acts.onPress(message, button, key));
      }
      line.append(key);
    }
    keys.append(line);
  }
  return keys;
}

// A picture as such, anything else as a chip by which it can be fetched.
function file(message) {
  const kept = message.document ?? message.sticker ?? message.voice ?? message.photo?.at(-1);
  if (!kept) return null;
  const address = `/page/file/${encodeURIComponent(kept.file_id)}`;
  if (message.photo) {
    const picture = document.createElement("img");
    picture.src = address;
    picture.alt = message.caption ?? say("picture");
    picture.className = "picture";
    return picture;
  }
  const chip = document.createElement(message.document ? "a" : "div");
  chip.className = "file";
  // Names may hold characters that turn the reading direction; they are shown without.
  const clean = (kept.file_name ?? say(message.sticker ? "sticker" : "file")).replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
  if (message.document) {
    chip.href = address;
    chip.download = clean;
  }
  const name = document.createElement("span");
  name.append(text("b", "", message.document ? clean : say("sticker")), " ", text("small", "", size(kept.file_size)));
  chip.append(text("span", "", message.document ? "📄" : "🖼"), name);
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
