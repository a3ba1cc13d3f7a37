import * as api from "./api.js";
import { draggable } from "./drag.js";
import { move } from "./order.js";
import { Row } from "./row.js";

const at = (selector) => document.querySelector(selector);
const list = at("#list");
const rows = new Map();
/** As Redis has them, in order; ahead of Redis only while a request is under way. */
let todos = [];

// Requests go one after the other, so that the last word on a todo is the last one spoken.
let previous = Promise.resolve();
function inTurn(work) {
  const current = previous.then(work);
  previous = current.catch(() => {});
  return current;
}

function show() {
  for (const [id, row] of rows) {
    if (todos.some((todo) => todo.id === id)) continue;
    row.element.remove();
    rows.delete(id);
  }
  todos.forEach((todo, place) => {
    if (!rows.has(todo.id)) rows.set(todo.id, new Row(todo, actions));
    const row = rows.get(todo.id);
    row.show(todo, place, todos.length);
    if (list.children[place] !== row.element) list.insertBefore(row.element, list.children[place] ?? null);
  });
  const left = todos.filter((todo) => !todo.done).length;
  at("#count").textContent = todos.length === 0 ? "" : `${left} left of ${todos.length}`;
  at("#empty").hidden = todos.length > 0;
  at("#keys").hidden = todos.length === 0;
}

const say = (message) => {
  at("#spoken").textContent = message;
};
const complain = (message) => {
  at("#problem").textContent = message;
};

async function load() {
  todos = await api.all();
  show();
}

/** Does something that the page already shows as done; if it fails, says so and shows the todos as they are, or were. */
async function attempt(work, spoken, before) {
  try {
    await inTurn(work);
    complain("");
    say(spoken);
  } catch (problem) {
    complain(problem.message);
    void watch();
    await inTurn(load).catch(() => {
      todos = before;
      show();
    });
  }
}

const replace = (changed) => {
  todos = todos.map((todo) => (todo.id === changed.id ? changed : todo));
  show();
};
const find = (id) => todos.find((todo) => todo.id === id);
/** Saves a todo as it is when its turn comes; nothing if it was deleted while it waited. */
const save = (id, changes = {}) => {
  const todo = find(id);
  return todo === undefined ? null : api.save({ ...todo, ...changes });
};

const actions = {
  tick(id, done) {
    const before = todos;
    replace({ ...find(id), done });
    const { content } = find(id);
    void attempt(() => save(id), `${content}: ${done ? "done" : "not done"}`, before);
  },

  async change(id, content) {
    const changed = await inTurn(() => save(id, { content }));
    if (changed === null) return;
    replace(changed);
    complain("");
    say(`Changed to ${content}`);
  },

  remove(id) {
    const before = todos;
    const { content } = find(id);
    const place = todos.findIndex((todo) => todo.id === id);
    todos = todos.filter((todo) => todo.id !== id);
    show();
    const next = todos[Math.min(place, todos.length - 1)];
    if (next === undefined) at("#content").focus();
    else rows.get(next.id).focus("remove");
    void attempt(() => api.remove(id), `Deleted ${content}`, before);
  },

  shift(id, by) {
    const from = todos.findIndex((todo) => todo.id === id);
    const to = from + by;
    if (to >= 0 && to < todos.length) reorder(from, to);
  },
};

function reorder(from, to) {
  const before = todos;
  const { id, content } = todos[from];
  const { list: moved, changed } = move(todos, from, to);
  const focused = document.activeElement;
  todos = moved;
  show();
  // A moved element loses the focus.
  focused?.focus();
  void attempt(
    async () => {
      for (const { id: other } of changed) await save(other);
    },
    `Moved ${content} to place ${todos.findIndex((todo) => todo.id === id) + 1} of ${todos.length}`,
    before,
  );
}

at("#add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const input = at("#content");
  const content = input.value.trim();
  let wrong = "";
  try {
    const added = await inTurn(() => api.add(content));
    todos = [...todos, added].sort((a, b) => a.order - b.order || a.id - b.id);
    show();
    input.value = "";
    complain("");
    say(`Added ${content}`);
  } catch (problem) {
    if (problem.field === "content") wrong = problem.message;
    else complain(problem.message);
    void watch();
  }
  at("#add-problem").textContent = wrong;
  input.ariaInvalid = String(wrong !== "");
  input.focus();
});

/** How often the page looks at the connection while it can be seen, ms. */
const interval = 5_000;
let away = false;

/** Shows how the service is connected to Redis, and catches up once an outage is over. */
async function watch() {
  const line = at("#connection");
  const { state, text } = await api.connection().then(described, (problem) => ({
    state: "away",
    text: problem.message,
  }));
  line.dataset.state = state;
  if (line.textContent !== text) line.textContent = text;
  if (away && state !== "away") {
    await inTurn(load).then(
      () => complain(""),
      (problem) => complain(problem.message),
    );
  }
  away = state === "away";
}

function described({ connected, tls }) {
  if (!connected) return { state: "away", text: "Redis is away; looking for it again" };
  if (tls === null) return { state: "unverified", text: "connected without TLS" };
  const over = `connected over ${tls.protocol} · certificate`;
  return tls.verification === "none"
    ? { state: "unverified", text: `${over} not verified` }
    : { state: "verified", text: `${over} verified for ${tls.verifiedName}` };
}

draggable(list, reorder);
setInterval(() => {
  if (!document.hidden) void watch();
}, interval);
void watch();
inTurn(load).catch((problem) => {
  away = true;
  complain(problem.message);
});
