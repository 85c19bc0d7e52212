// The chat page: one view at a time, kept up to date by the server's events.

import { listen, post, state, upload } from "./api.js";
import { Composer } from "./composer.js";
import { node } from "./messages.js";
import { say, speak, spoken } from "./words.js";

const $ = (id) => document.getElementById(id);
const PATIENCE = 15000;
const FIRST = ["/start", "/summary", "/quote", "/subscribe"];

let now = null; // the state as the server told it
let source = null;
let presses = new Map(); // press id → its button
let answers = new Map(); // answers that came before their press was known
let typing = 0;

const composer = new Composer({
  onText: (text, replyTo) => attempt(post("send", { ...who(), text, reply_to: replyTo })),
  onFile: (file, caption) => attempt(upload({ ...who(), caption }, file)),
});

function who() {
  return { view: now.view };
}

async function attempt(promise) {
  try {
    return await promise;
  } catch (error) {
    toast(say("failed") + error.message);
    return null;
  }
}

async function open(view) {
  source?.close();
  now = await state(view);
  presses = new Map();
  speak(now.language);
  labels();
  draw();
  source = listen(view, now.event, hear, (linked) => linkChanged(linked));
  history.replaceState(null, "", `#${view}`);
}

let lost = false;
function linkChanged(linked) {
  status(linked ? "ready" : "lost");
  if (linked && lost) attempt(start(now.view)); // the bot was started anew: it knows neither chat nor language
  lost = !linked;
}

// The first language is the browser's; what was chosen on the page comes before it.
async function start(view) {
  const chosen = localStorage.getItem("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
  await post("language", { view, language: chosen });
  await open(view);
}

// Drawing ------------------------------------------------------------------------------------------------

function labels() {
  $("bot-name").textContent = now.bot.first_name;
  $("language").textContent = say("other");
  $("skip").textContent = say("skip");
  $("skip-hint").textContent = say("skipHint");
  $("log").setAttribute("aria-label", say("log"));
  $("views").setAttribute("aria-label", say("views"));
  $("views").replaceChildren(...now.views.map(tab));
  composer.commands = now.commands;
  composer.label();
  clock(now.now);
  blocked(now.blocked);
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
  if (now.messages.length === 0) $("log").append(welcome());
  $("log").scrollTop = $("log").scrollHeight;
}

function nodeOf(message) {
  return node(message, {
    botId: now.bot.id,
    me: now.user,
    onCommand: (text) => attempt(post("send", { ...who(), text })),
    onPress: press,
    onReply: (chosen) => composer.reply(chosen),
  });
}

function welcome() {
  const box = document.createElement("div");
  box.className = "welcome";
  const words = document.createElement("p");
  words.textContent = say("welcome");
  const chips = document.createElement("div");
  chips.className = "chips";
  for (const command of FIRST) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.textContent = command;
    chip.addEventListener("click", () => attempt(post("send", { ...who(), text: command })));
    chips.append(chip);
  }
  box.append(words, chips);
  return box;
}

function clock(iso) {
  const format = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  $("clock").textContent = new Intl.DateTimeFormat(spoken() === "zh" ? "zh-CN" : "en-GB", format).format(new Date(iso));
  $("clock").dateTime = iso;
}

function blocked(is) {
  now.blocked = is;
  $("composer").hidden = is;
  $("unblock").hidden = !is;
  $("unblock").textContent = say("unblock");
  $("block").textContent = say("block");
  $("block").hidden = is;
  status(is ? "blocked" : "ready");
}

function status(key) {
  $("status").textContent = say(key === "ready" && now.blocked ? "blocked" : key);
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
$("skip").addEventListener("click", async () => {
  const done = await attempt(post("skip", who()));
  if (done?.text) toast(done.text);
});

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
  const log = $("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  const made = nodeOf(message);
  made.classList.add("new");
  log.append(made);
  // The beginning of a long answer is what one wants to read first.
  if (made.offsetHeight > log.clientHeight) made.scrollIntoView({ block: "start" });
  else if (atEnd || message.from.id === now.user) log.scrollTop = log.scrollHeight;
  if (message.from.id === now.bot.id) status("ready");
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

start(location.hash === "#stranger" ? "stranger" : "visitor");
