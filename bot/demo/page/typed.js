// What is typed, as Telegram's own apps send it: marks become entities, and what is too long goes in parts.

const LIMIT = 4096;

const MARKS = [
  ["pre", /```(?:(\w+)\n)?\n?([\s\S]+?)\n?```/g],
  ["code", /`()([^`\n]+)`/g],
  ["bold", /(?<![\w*])\*\*()(\S|\S.*?\S)\*\*(?![\w*])/g],
  ["italic", /(?<!\w)__()(\S|\S.*?\S)__(?!\w)/g],
  ["strikethrough", /(?<!\w)~~()(\S|\S.*?\S)~~(?!\w)/g],
  ["spoiler", /(?<![\w|])\|\|()(\S|\S.*?\S)\|\|(?![\w|])/g],
];

// The messages that a text becomes, each with its entities.
export function messages(typed) {
  const entities = [];
  const text = read(typed, 0, entities);
  const made = [];
  for (let start = 0; start < text.length; ) {
    const end = cut(text, start);
    made.push({ text: text.slice(start, end), entities: within(entities, start, end) });
    start = end;
  }
  return made;
}

// The text without its marks; what they mean goes into `entities`, `at` being where the text will stand.
function read(typed, at, entities) {
  let rest = typed, text = "";
  for (;;) {
    const [kind, found] = first(rest);
    if (!found) return text + rest;
    text += rest.slice(0, found.index);
    const entity = { type: kind, offset: at + text.length, ...(found[1] ? { language: found[1] } : {}) };
    const fixed = kind === "pre" || kind === "code";
    entities.push(entity);
    const inner = fixed ? found[2] : read(found[2], entity.offset, entities);
    entity.length = inner.length;
    text += inner;
    rest = rest.slice(found.index + found[0].length);
  }
}

function first(text) {
  let best = [null, null];
  for (const [kind, pattern] of MARKS) {
    pattern.lastIndex = 0;
    const found = pattern.exec(text);
    if (found && (!best[1] || found.index < best[1].index)) best = [kind, found];
  }
  return best;
}

// Where the message that begins at `start` ends: at a line or a word, if there is one, never within a letter.
function cut(text, start) {
  if (text.length - start <= LIMIT) return text.length;
  const part = text.slice(start, start + LIMIT);
  const place = Math.max(part.lastIndexOf("\n"), part.lastIndexOf(" "));
  if (place > LIMIT / 2) return start + place + 1;
  return start + LIMIT - (/[\uD800-\uDBFF]$/.test(part) ? 1 : 0);
}

function within(entities, start, end) {
  return entities
    .map((one) => ({ ...one, from: Math.max(one.offset, start), to: Math.min(one.offset + one.length, end) }))
    .filter(({ from, to }) => from < to)
    .map(({ from, to, ...one }) => ({ ...one, offset: from - start, length: to - from }));
}
