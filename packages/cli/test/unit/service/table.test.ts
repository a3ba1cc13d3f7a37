import { describe, expect, test } from "vitest";
import { Output } from "../../../src/output.ts";
import { printItems, type TableFlags } from "../../../src/service/table.ts";

const items = [
  {
    name: "one",
    state: "RUNNING",
    create_time: "2026-01-02T03:04:05.678Z",
    inside: { port: 1, list: ["a", "b"] },
  },
  {
    name: "a\u001b[31mlonger",
    state: "POWEROFF",
    create_time: "2026-01-02T03:04:05.678Z",
    inside: { port: null },
  },
];

function printed(flags: TableFlags, list: readonly Record<string, unknown>[] = items, one = false): string {
  let text = "";
  const sink = { write: (part: string) => ((text += part), true) };
  const output = new Output(sink, sink, {});
  printItems(list, ["name", "state", "inside.port", "create_time"], flags, output, {
    one,
    details: ["inside"],
  });
  return text;
}

describe("printItems", () => {
  test("a table: heads in capitals, rulers, two blanks, no fractions of seconds, nothing that steers a terminal", () => {
    expect(printed({}).split("\n")).toEqual([
      "NAME             STATE     INSIDE.PORT  CREATE_TIME",
      "===============  ========  ===========  ====================",
      "one              RUNNING   1            2026-01-02T03:04:05Z",
      "a\\x1b[31mlonger  POWEROFF               2026-01-02T03:04:05Z",
      "",
    ]);
  });

  test("details below the row, dotted and aligned", () => {
    expect(printed({ verbose: true }, items.slice(0, 1)).split("\n").slice(3)).toEqual([
      "    inside.port = 1",
      "    inside.list = a, b",
      "",
    ]);
  });

  test("an empty list prints nothing, and [] as JSON", () => {
    expect(printed({}, [])).toBe("");
    expect(printed({ format: "{name}" }, [])).toBe("");
    expect(printed({ json: true }, [])).toBe("[]\n");
  });

  test("JSON is the list, or the one item", () => {
    expect(JSON.parse(printed({ json: true }))).toEqual(items);
    expect(JSON.parse(printed({ json: true }, items, true))).toEqual(items[0]);
  });

  test("--format prints a line for each; doubled braces are braces; a part that is not there is empty", () => {
    expect(printed({ format: "{name}={inside.port} {{x}} {inside.list}" })).toBe(
      "one=1 {x} a, b\na\\x1b[31mlonger= {x} \n",
    );
  });

  test.each([
    ["{nme}", "CONFIG_UNKNOWN_KEY", 1, /Did you mean name\?.*Fields: create_time, inside/],
    ["{constructor}", "CONFIG_UNKNOWN_KEY", 1, /Fields/],
    ["ab{", "CONFIG_SYNTAX", 2, /braces/],
    ["a}", "CONFIG_SYNTAX", 1, /braces/],
    ["{a b}", "CONFIG_SYNTAX", 0, /braces/],
  ])("--format %s is refused", (format, code, position, hint) => {
    expect(() => printed({ format })).toThrow(
      expect.objectContaining({ code, position, hint: expect.stringMatching(hint) as string }) as Error,
    );
  });
});
