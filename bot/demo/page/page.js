// The chat page: one view at a time, kept up to date by the server's events.

import { listen, post, state, upload } from "./api.js";
import { Composer } from "./composer.js";
import { node } from "./messages.js";
import { say, speak, spoken } from "./words.js";

const $ = (id) => document.getElementById(id);
const PATIENCE = 15000;

let now = null; // the state as the server told it
let source = null;
let presses = new Map(); // press id → its button
let answers = new Map(); // answers that came before their press was known
let typing = 0;

const composer = new Composer({
  onText: (message, replyTo) => said(message, replyTo),
  onFiles: (files, caption) => uploaded(files, caption),
});

function who() {
  return { view: now.view, user: now.user };
}

// One after the other: what was written first arrives first.
let sending = Promise.resolve();
function said(message, replyTo = null) {
  const asked = { ...who(), ...message, reply_to: replyTo };
  sending = sending.then(() => attempt(post("send", asked)));
  return sending;
}

// Several pictures at once are an album; the caption belongs to the first.
async function uploaded(files, caption) {
  const album = files.length > 1 ? String(Date.now()) : "";
  for (const [index, file] of files.entries()) {
    const done = await attempt(upload({ ...who(), caption: index ? "" : caption, album }, file));
    if (!done) return false;
  }
  return true;
}

async function attempt(promise) {
  try {
    return await promise;
  } catch (error) {
    toast(say("failed") + error.message);
    return null;
  }
}

async function open(view, user) {
  source?.close();
  now = await state(view, user);
  presses = new Map();
  speak(now.language);
  labels();
  draw();
  composer.open(`draft:${view}`);
  source = listen(view, now.user, now.event, hear, (linked) => linkChanged(linked));
  history.replaceState(null, "", `#${view}`);
}

let lost = false;
function linkChanged(linked) {
  status(linked ? "ready" : "lost");
  if (linked && lost) attempt(start(now.view)); // the bot was started anew: it knows neither chat nor language
  lost = !linked;
}

// The first language is the browser's; what was chosen on the page comes before it.
async function start(view, user) {
  if (now) seen();
  const chosen = localStorage.getItem("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
  await post("language", { view, language: chosen });
  await open(view, user);
}

// A link to the bot opens the private chat of whoever follows it, and starts it with the payload.
async function follow(payload) {
  if (now.home !== now.view) await start(now.home);
  await said({ text: `/start ${payload}` });
}

async function forward(message) {
  if (await attempt(post("forward", { ...who(), message_id: message.message_id }))) toast(say("forwarded"));
}

function inside(url) {
  const found = /^https:\/\/t\.me\/(\w+)\?start=([\w-]+)$/.exec(url);
  return found && found[1] === now.bot.username ? found[2] : null;
}

// What was seen is remembered, so that the next look can say where the unread begins.
function seen() {
  const last = now.messages.at(-1)?.message_id ?? 0;
  sessionStorage.setItem(`seen:${now.view}`, String(last));
}

// Drawing ------------------------------------------------------------------------------------------------

function labels() {
  $("bot-name").textContent = now.chat.title ?? now.bot.first_name;
  const texts = { language: "other", skip: "skip", day: "day", "skip-hint": "skipHint", "speaking-as": "speaking", "read-only": "readOnly", start: "start" };
  for (const [id, key] of Object.entries(texts)) $(id).textContent = say(key);
  $("theme").setAttribute("aria-label", say("theme"));
  $("log").setAttribute("aria-label", say("log"));
  $("log-of").setAttribute("aria-label", say("chat"));
  $("views").setAttribute("aria-label", say("views"));
  $("views").replaceChildren(...now.views.map(tab));
  $("speaking").hidden = now.speakers.length < 2;
  $("speaker").replaceChildren(...now.speakers.map((one, index) => option(one, index)));
  composer.commands = now.commands;
  composer.label();
  clock(now.now);
  blocked(now.blocked);
}

function option(one, index) {
  const made = document.createElement("option");
  made.value = one.id;
  made.selected = one.id === now.user;
  made.textContent = `${one.name} · ${say(index ? "plain" : "admin")}`;
  return made;
}

function tab(view) {
  const button = document.createElement("button");
  button.type = "button";
  button.id = `view-${view}`;
  button.setAttribute("role", "tab");
  button.setAttribute("aria-selected", String(view === now.view));
  button.textContent = say(view);
  button.addEventListener("click", () => attempt(start(view)));
  return button;
}

function draw() {
  $("log").replaceChildren(...now.messages.map(nodeOf));
  const before = Number(sessionStorage.getItem(`seen:${now.view}`) ?? NaN);
  const unread = now.messages.find((message) => message.message_id > before && message.from?.id !== now.user);
  if (unread) find(unread.message_id).before(line("unread", say("unread")));
  if (now.messages.length === 0) $("log").append(welcome());
  $("log").scrollTop = $("log").scrollHeight;
  $("log").querySelector(".unread")?.scrollIntoView({ block: "start" });
}

function line(name, text) {
  const made = document.createElement("p");
  made.className = name;
  made.textContent = text;
  return made;
}

function nodeOf(message) {
  return node(message, {
    botId: now.bot.id,
    me: now.user,
    shared: now.chat.type !== "private",
    onCommand: (text) => said({ text }),
    onPress: press,
    onReply: (chosen) => composer.reply(chosen),
    onForward: (chosen) => forward(chosen),
    inside,
    follow: (payload) => attempt(follow(payload)),
  });
}

// What Telegram shows in a chat that is empty: what the bot says of itself.
function welcome() {
  const box = document.createElement("div");
  box.className = "welcome";
  const about = { private: now.about, supergroup: say("supergroup"), channel: say("channelAbout") }[now.chat.type];
  if (now.chat.type === "private") box.append(line("question", say("what")));
  box.append(line("", about));
  box.append(line("small", say("welcome")));
  return box;
}

function clock(iso) {
  const format = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  $("clock").textContent = new Intl.DateTimeFormat(spoken() === "zh" ? "zh-CN" : "en-GB", format).format(new Date(iso));
  $("clock").dateTime = iso;
}

// Whether the bot is shut out, and so what one can do: start, write, let it in.
function blocked(is) {
  now.blocked = is;
  const shared = now.chat.type !== "private";
  const fresh = !shared && !is && now.messages.length === 0;
  const posting = now.chat.type !== "channel" || now.user === now.speakers[0].id;
  $("start").hidden = !fresh;
  $("composer").hidden = fresh || (is && !shared) || !posting;
  $("read-only").hidden = posting;
  $("unblock").hidden = !is || now.user !== now.speakers[0].id;
  $("unblock").textContent = say({ private: "unblock", supergroup: "add", channel: "promote" }[now.chat.type]);
  $("block").textContent = say(shared ? "remove" : "block");
  $("block").hidden = is || now.user !== now.speakers[0].id;
  status("ready");
}

function status(key) {
  const shut = now.chat.type === "private" ? "blocked" : "away";
  $("status").textContent = say(key === "ready" && now.blocked ? shut : key);
}

let fading = 0;
function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => ($("toast").hidden = true), 6000);
}

// What people do ------------------------------------------------------------------------------------------

async function press(message, button, key) {
  if (key.classList.contains("pressed")) return;
  key.classList.add("pressed");
  key.setAttribute("aria-busy", "true");
  const done = await attempt(post("press", { ...who(), message_id: message.message_id, data: button.callback_data }));
  if (!done) return release(key);
  if (answers.has(done.press)) return answered(answers.get(done.press), key);
  presses.set(done.press, key);
  setTimeout(() => {
    if (presses.delete(done.press)) {
      release(key);
      toast(say("slow"));
    }
  }, PATIENCE);
}

function answered(answer, key) {
  answers.delete(answer.press);
  presses.delete(answer.press);
  if (key) release(key);
  if (answer.text) toast(answer.text);
  const payload = answer.url && inside(answer.url);
  if (payload) attempt(follow(payload));
}

function release(key) {
  key.classList.remove("pressed");
  key.removeAttribute("aria-busy");
}

$("language").addEventListener("click", async () => {
  const language = spoken() === "zh" ? "en" : "zh";
  localStorage.setItem("language", language);
  await attempt(start(now.view));
});
$("block").addEventListener("click", () => attempt(post("block", { view: now.view, blocked: true })));
$("unblock").addEventListener("click", () => attempt(post("block", { view: now.view, blocked: false })));
$("start").addEventListener("click", () => said({ text: "/start" }));
$("speaker").addEventListener("change", () => attempt(open(now.view, Number($("speaker").value))));
for (const [id, more] of [["skip", {}], ["day", { days: 1 }]]) {
  $(id).addEventListener("click", async () => {
    const done = await attempt(post("skip", { ...who(), ...more }));
    if (done?.text) toast(done.text);
  });
}
$("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
  theme(dark ? "light" : "dark");
  localStorage.setItem("theme", dark ? "light" : "dark");
});

// Light and dark follow the system until one is chosen.
function theme(name) {
  document.documentElement.dataset.theme = name;
}
const system = matchMedia("(prefers-color-scheme: dark)");
theme(localStorage.getItem("theme") ?? (system.matches ? "dark" : "light"));
system.addEventListener("change", () => localStorage.getItem("theme") ?? theme(system.matches ? "dark" : "light"));

// What the server tells ------------------------------------------------------------------------------------

function hear(name, data) {
  if (name === "message") added(data);
  else if (name === "edited") edited(data);
  else if (name === "deleted") find(data.message_id)?.remove();
  else if (name === "answer") presses.has(data.press) ? answered(data, presses.get(data.press)) : answers.set(data.press, data);
  else if (name === "commands") composer.commands = data;
  else if (name === "clock") clock(data.now);
  else if (name === "blocked") blocked(data.blocked);
  else if (name === "typing") {
    status("typing");
    clearTimeout(typing);
    typing = setTimeout(() => status("ready"), 5000);
  }
}

function added(message) {
  if (find(message.message_id)) return;
  now.messages.push(message);
  $("log").querySelector(".welcome")?.remove();
  if (now.messages.length === 1) blocked(now.blocked);
  const log = $("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  const made = nodeOf(message);
  made.classList.add("new");
  log.append(made);
  // The beginning of a long answer is what one wants to read first.
  const own = message.from?.id === now.user;
  if (!own && made.offsetHeight > log.clientHeight) made.scrollIntoView({ block: "start" });
  else if (atEnd || own) log.scrollTop = log.scrollHeight;
  if (message.from?.id === now.bot.id) status("ready");
}

function edited(message) {
  const index = now.messages.findIndex((old) => old.message_id === message.message_id);
  if (index >= 0) now.messages[index] = message;
  const old = find(message.message_id);
  if (!old) return;
  const made = nodeOf(message);
  const focused = old.contains(document.activeElement);
  old.replaceWith(made);
  if (focused) made.querySelector(".keys button, .keys a")?.focus({ preventScroll: true });
  made.scrollIntoView({ block: "nearest" });
}

function find(id) {
  return $("log").querySelector(`[data-id="${Number(id)}"]`);
}

start(location.hash.slice(1) || "reader").catch(() => attempt(start("reader"))); // the address names a view, or none that we have
