import { Cursor, inText, shared } from "./functions.ts";

/** The value of a JSON value of an ARM template: expressions in it are evaluated. */
export function readArm(json: unknown, parameters: Readonly<Record<string, unknown>> = {}): unknown {
  if (Array.isArray(json)) return json.map((item) => readArm(item, parameters));
  if (typeof json === "object" && json !== null)
    return Object.fromEntries(
      Object.entries(json).map(([name, value]) => [unescaped(name), readArm(value, parameters)]),
    );
  if (typeof json !== "string") return json;
  if (!json.startsWith("[") || !json.endsWith("]") || json.startsWith("[[")) return unescaped(json);
  const cursor = new Cursor(json.slice(1, -1));
  const value = expression(cursor, parameters);
  cursor.end();
  return value;
}

function unescaped(text: string): string {
  return text.startsWith("[[") && text.endsWith("]") ? text.slice(1) : text;
}

/** Functions of ARM that Bicep writes in another way. */
const own: Readonly<Record<string, (...args: never[]) => unknown>> = {
  true: () => true,
  false: () => false,
  null: () => null,
  equals: (left: unknown, right: unknown) => left === right,
  not: (value: unknown) => value !== true,
  if: (condition: unknown, yes: unknown, no: unknown) => (condition === true ? yes : no),
  createArray: (...items: unknown[]) => items,
  createObject: (...flat: unknown[]) =>
    Object.fromEntries(flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1]]] : []))),
  format: (text: string, ...values: unknown[]) =>
    text.replace(/\{\{|\}\}|\{(\d+)\}/g, (found, index?: string) =>
      index === undefined ? (found[0] as string) : inText(values[Number(index)]),
    ),
};

function expression(cursor: Cursor, parameters: Readonly<Record<string, unknown>>): unknown {
  let value = primary(cursor, parameters);
  for (;;) {
    if (cursor.take(".")) value = member(value, cursor.match(/[A-Za-z_][A-Za-z0-9_]*/) ?? "");
    else if (cursor.take("[")) {
      value = member(value, expression(cursor, parameters) as string);
      cursor.need("]");
    } else return value;
  }
}

function primary(cursor: Cursor, parameters: Readonly<Record<string, unknown>>): unknown {
  const quoted = cursor.match(/'(?:[^']|'')*'/);
  if (quoted !== undefined) return quoted.slice(1, -1).replaceAll("''", "'");
  const number = cursor.match(/-?\d+/);
  if (number !== undefined) return Number(number);
  const name = cursor.match(/[A-Za-z]+/) ?? "";
  cursor.need("(");
  const args: unknown[] = [];
  while (!cursor.take(")")) {
    args.push(expression(cursor, parameters));
    cursor.take(",");
  }
  if (name === "parameters") return parameters[args[0] as string];
  const called = own[name] ?? shared[name];
  if (called === undefined) throw new Error(`ARM has no function ${name} here`);
  return called(...(args as never[]));
}

function member(value: unknown, name: string): unknown {
  return (value as Record<string, unknown>)[name];
}
