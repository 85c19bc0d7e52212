// Writing: text, commands with completion, files, replies.

import { summary } from "./messages.js";
import { messages } from "./typed.js";
import { say } from "./words.js";

const $ = (id) => document.getElementById(id);

export class Composer {
  constructor({ onText, onFiles }) {
    this.commands = [];
    this.replyTo = null;
    this.onText = onText;
    this.onFiles = onFiles;
    this.chosen = 0;
    this.draft = "draft:";
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    $("text").addEventListener("input", () => this.changed());
    $("text").addEventListener("keydown", (event) => this.key(event));
    $("commands").addEventListener("click", () => this.toggle());
    $("attach").addEventListener("click", () => $("file").click());
    $("file").addEventListener("change", () => this.files([...$("file").files]));
    $("reply-off").addEventListener("click", () => this.reply(null));
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      document.body.classList.add("dragging");
    });
    document.addEventListener("dragleave", () => document.body.classList.remove("dragging"));
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      document.body.classList.remove("dragging");
      this.files([...event.dataTransfer.files]);
    });
  }

  label() {
    $("text").placeholder = say("write");
    for (const [id, key] of [["text", "write"], ["send", "send"], ["attach", "attach"], ["commands", "commands"], ["reply-off", "off"], ["menu", "commands"]]) {
      $(id).setAttribute("aria-label", say(key));
    }
  }

  // Another chat: what was not sent there is still there.
  open(draft) {
    this.draft = draft;
    $("text").value = localStorage.getItem(draft) ?? "";
    this.reply(null);
    this.changed();
  }

  reply(message) {
    this.replyTo = message?.message_id ?? null;
    $("reply-bar").hidden = !message;
    $("reply-text").textContent = message ? say("replying") + summary(message) : "";
    if (message) $("text").focus();
  }

  async submit() {
    const typed = $("text").value.trim();
    if (!typed) return;
    const { draft, replyTo } = this;
    const parts = messages(typed);
    this.clear();
    for (const [index, part] of parts.entries()) {
      if (await this.onText(part, replyTo)) continue;
      this.restore(draft, index ? parts.slice(index).map((left) => left.text).join("") : typed);
      return;
    }
  }

  // What could not be sent is the unsent text of its chat again.
  restore(draft, text) {
    if (draft !== this.draft) {
      localStorage.setItem(draft, text);
      return;
    }
    $("text").value = [text, $("text").value].filter(Boolean).join("\n");
    this.changed();
  }

  clear() {
    $("text").value = "";
    this.reply(null);
    this.changed();
  }

  async files(files) {
    const caption = $("text").value.trim(), { draft } = this;
    $("file").value = "";
    this.clear();
    if (files.length && !(await this.onFiles(files, caption)) && caption) this.restore(draft, caption);
  }

  // The menu ---------------------------------------------------------------------------------------------

  changed() {
    const field = $("text");
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
    if (field.value) localStorage.setItem(this.draft, field.value);
    else localStorage.removeItem(this.draft);
    const typed = /^\/(\w*)$/.exec(field.value);
    this.show(typed ? this.commands.filter((command) => command.command.startsWith(typed[1])) : []);
  }

  toggle() {
    this.show($("menu").hidden ? this.commands : []);
    $("text").focus();
  }

  show(commands) {
    this.offered = commands;
    this.chosen = 0;
    $("menu").hidden = commands.length === 0;
    $("menu").replaceChildren(...commands.map((command, index) => this.item(command, index)));
    this.mark();
  }

  item(command, index) {
    const item = document.createElement("li");
    item.id = `command-${index}`;
    item.setAttribute("role", "option");
    const name = document.createElement("b");
    name.textContent = `/${command.command}`;
    const about = document.createElement("span");
    about.textContent = command.description;
    item.append(name, about);
    item.addEventListener("click", () => this.send(command));
    return item;
  }

  mark() {
    [...$("menu").children].forEach((item, index) => {
      item.setAttribute("aria-selected", String(index === this.chosen));
      if (index === this.chosen) item.scrollIntoView({ block: "nearest" });
    });
    if ($("menu").hidden) $("text").removeAttribute("aria-activedescendant");
    else $("text").setAttribute("aria-activedescendant", `command-${this.chosen}`);
  }

  send(command) {
    this.onText({ text: `/${command.command}` }, this.replyTo);
    this.clear();
    $("text").focus();
  }

  key(event) {
    if (event.isComposing) return; // Enter ends the choice of a Chinese character
    if (!$("menu").hidden) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        this.chosen = (this.chosen + step + this.offered.length) % this.offered.length;
        this.mark();
      } else if (event.key === "Tab") {
        $("text").value = `/${this.offered[this.chosen].command} `;
        this.changed();
      } else if (event.key === "Enter") {
        this.send(this.offered[this.chosen]);
      } else if (event.key === "Escape") {
        this.show([]);
      } else return;
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      this.reply(null);
    }
  }
}
