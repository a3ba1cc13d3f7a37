/** What the service answers when it refuses, or cannot. `field` names the culprit, or is null. */
export class Problem extends Error {
  constructor(code, field, message) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

/** Longest wait for an answer, ms. The service itself gives up on Redis sooner. */
const patience = 10_000;

async function call(method, path, body) {
  const request = { method, signal: AbortSignal.timeout(patience) };
  if (body !== undefined) {
    request.headers = { "content-type": "application/json" };
    request.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, request);
  } catch {
    throw new Problem("SERVICE_AWAY", null, "The todo service does not answer. Is it still running?");
  }
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer;
  const { code, field, message } = answer?.error ?? {};
  throw new Problem(
    code ?? "UNREADABLE",
    field ?? null,
    message ?? `The service answered ${response.status}.`,
  );
}

export const all = () => call("GET", "/todo");
export const add = (content) => call("POST", "/todo", { content });
export const save = ({ id, content, order, done }) => call("PUT", `/todo/${id}`, { content, order, done });
export const remove = (id) => call("DELETE", `/todo/${id}`);
export const connection = () => call("GET", "/connection");
