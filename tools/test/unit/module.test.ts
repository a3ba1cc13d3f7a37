import { expect, test } from "vitest";
import { references } from "../../src/module.ts";

test("finds every way of naming a module, with its line", () => {
  const text = [
    'import { a } from "./a.ts";',
    'import type { B } from "b";',
    'import "./side.ts";',
    'export * from "./c.ts";',
    'export { d } from "./d.ts";',
    'export type { E } from "./e.ts";',
    'const f = () => import("./f.ts");',
    'type G = import("./g.ts").G;',
    "export const own = a + f;",
  ].join("\n");
  expect(references("x.ts", text)).toEqual(
    ["./a.ts", "b", "./side.ts", "./c.ts", "./d.ts", "./e.ts", "./f.ts", "./g.ts"].map(
      (specifier, index) => ({
        specifier,
        line: index + 1,
      }),
    ),
  );
});

test("is not fooled by text that only looks like an import", () => {
  expect(references("x.ts", '// import "a"\nconst s = \'import "b"\'; const t = `import("c")`;')).toEqual([]);
});

test("names the file that does not parse", () => {
  expect(() => references("packages/a/src/x.ts", "const = 1")).toThrow(/^packages\/a\/src\/x\.ts: /);
});
