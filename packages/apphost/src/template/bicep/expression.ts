import type { Expr } from "../expr.ts";

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Text as a Bicep string on one line, quotes and all. */
export function bicepText(text: string): string {
  return `'${escaped(text)}'`;
}

/**
 * An expression as Bicep text. Objects and arrays take a line for each member; further lines are indented by `depth` levels.
 */
export function bicepExpression(expr: Expr, depth = 0): string {
  const node = expr.node;
  const write = (part: Expr) => bicepExpression(part, depth);
  switch (node.kind) {
    case "literal":
      return typeof node.value === "string" ? bicepText(node.value) : String(node.value);
    case "parameter":
    case "variable":
      return node.name;
    case "declared":
      return node.symbol;
    case "member":
      return identifier.test(node.name)
        ? `${operand(node.of, depth)}.${node.name}`
        : `${operand(node.of, depth)}[${bicepText(node.name)}]`;
    case "index":
      return `${operand(node.of, depth)}[${write(node.index)}]`;
    case "call":
      return `${node.name}(${node.args.map(write).join(", ")})`;
    case "method":
      return `${operand(node.of, depth)}.${node.name}(${node.args.map(write).join(", ")})`;
    case "interpolated":
      return `'${node.parts.map((part) => (typeof part === "string" ? escaped(part) : `\${${write(part)}}`)).join("")}'`;
    case "object":
      if (node.members.length === 0) return "{ }";
      return lines(
        "{",
        node.members.map(
          ([name, value]) =>
            `${typeof name === "string" ? memberName(name) : write(name)}: ${bicepExpression(value, depth + 1)}`,
        ),
        "}",
        depth,
      );
    case "array":
      if (node.items.length === 0) return "[]";
      return lines(
        "[",
        node.items.map((item) => bicepExpression(item, depth + 1)),
        "]",
        depth,
      );
    case "conditional":
      return `${operand(node.condition, depth)} ? ${write(node.yes)} : ${write(node.no)}`;
    case "binary":
      return `(${operand(node.left, depth)} ${node.operator} ${operand(node.right, depth)})`;
    case "not":
      return `!${operand(node.of, depth)}`;
  }
}

/** Only `? :` is written without parentheses of its own and so needs them where something stands beside it. */
function operand(expr: Expr, depth: number): string {
  const text = bicepExpression(expr, depth);
  return expr.node.kind === "conditional" ? `(${text})` : text;
}

function lines(open: string, members: readonly string[], close: string, depth: number): string {
  const indent = "  ".repeat(depth + 1);
  return `${open}\n${members.map((member) => indent + member).join("\n")}\n${"  ".repeat(depth)}${close}`;
}

function memberName(name: string): string {
  return identifier.test(name) ? name : bicepText(name);
}

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  $: "\\$",
};

/** Every `$` is escaped, as upstream's generator does, not only that of a `${`. */
function escaped(text: string): string {
  return text.replace(
    /[\\'$\u0000-\u001f\u007f\u2028\u2029]/g,
    (character) => escapes[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
