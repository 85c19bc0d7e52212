// Requests to the local server, and its live events.

async function answerOf(response) {
  const data = await response.json().catch(() => ({ error: response.statusText }));
  if (!response.ok) throw new Error(data.error ?? response.statusText);
  return data;
}

export async function state(view, user) {
  return answerOf(await fetch(`/page/state?view=${encodeURIComponent(view)}&user=${user ?? ""}`));
}

export async function post(name, data) {
  const headers = { "Content-Type": "application/json" };
  return answerOf(await fetch(`/page/${name}`, { method: "POST", headers, body: JSON.stringify(data) }));
}

export async function upload(fields, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file, file.name);
  return answerOf(await fetch("/page/upload", { method: "POST", body: form }));
}

const EVENTS = ["message", "edited", "deleted", "typing", "answer", "commands", "blocked", "clock"];

// Calls hear(name, data) for each event, and link(true or false) as the connection comes and goes.
export function listen(view, user, after, hear, link) {
  const source = new EventSource(`/page/events?view=${encodeURIComponent(view)}&user=${user}&after=${after}`);
  for (const name of EVENTS) source.addEventListener(name, (event) => hear(name, JSON.parse(event.data)));
  source.addEventListener("open", () => link(true));
  source.addEventListener("error", () => link(false));
  return source;
}
