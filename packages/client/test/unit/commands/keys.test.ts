import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import * as commands from "../../../src/commands/index.ts";
import { firstKeyOf, keysOf } from "../../../src/commands/keys.ts";
import * as namespaces from "../../../src/commands/namespaces.ts";
import { raw } from "../../../src/commands/raw.ts";

describe("the keys of any words", () => {
  test.each<readonly [words: readonly (string | number)[], keys: readonly string[]]>([
    [["get", "a"], ["a"]],
    [
      ["DEL", "a", "b", "c"],
      ["a", "b", "c"],
    ],
    [
      ["mset", "a", 1, "b", 2],
      ["a", "b"],
    ],
    [
      ["MSETEX", 2, "a", 1, "b", 2, "EX", 5],
      ["a", "b"],
    ],
    [
      ["blpop", "a", "b", 0],
      ["a", "b"],
    ],
    [
      ["BITOP", "not", "a", "b"],
      ["a", "b"],
    ],
    [["EVAL", "return 1", 0, "x"], []],
    [
      ["eval", "return 1", "2", "a", "b", "x"],
      ["a", "b"],
    ],
    [
      ["ZUNIONSTORE", "d", 2, "a", "b", "WEIGHTS", 1, 2],
      ["d", "a", "b"],
    ],
    [
      ["sort", "a", "by", "store", "store", "d"],
      ["a", "d"],
    ],
    [["SORT", "a", "GET", "STORE"], ["a"]],
    [
      ["GEORADIUS", "a", 1, 2, 3, "km", "storedist", "d"],
      ["a", "d"],
    ],
    [
      ["XREAD", "COUNT", 1, "streams", "a", "b", "0", "0"],
      ["a", "b"],
    ],
    [["XREADGROUP", "GROUP", "STREAMS", "c", "STREAMS", "a", ">"], ["a"]],
    [["XREAD", "COUNT", 1], []],
    [["MIGRATE", "host", 1, "a", 0, 1], ["a"]],
    [
      ["MIGRATE", "host", 1, "", 0, 1, "AUTH", "KEYS", "keys", "a", "b"],
      ["keys", "a", "b"],
    ],
    [["object", "encoding", "a"], ["a"]],
    [["XINFO", "STREAM", "a", "FULL"], ["a"]],
    [["OBJECT", "HELP"], []],
    [["CLIENT", "SETNAME", "a"], []],
    [["CLIENT"], []],
    [["COMMAND", "COUNT"], []],
    [
      ["json.mset", "a", "$", "1", "b", "$", "2"],
      ["a", "b"],
    ],
    [
      ["SSUBSCRIBE", "a", "b"],
      ["a", "b"],
    ],
    [["PFDEBUG", "ENCODING", "a"], ["a"]],
    [["FUTURE.COMMAND", "a", "b"], ["a"]],
    [["FUTURE.COMMAND"], []],
    [["PING", "a"], []],
  ])("%j", (words, keys) => {
    const made = raw(words);
    expect(keysOf(made)).toEqual(keys);
    expect(firstKeyOf(made)).toEqual(keys[0]);
  });
});

describe("any words are the command that its function makes", () => {
  test.each([
    [["hgetall", "a"], commands.hGetAll("a")],
    [["client", "setname", "a"], commands.clientSetName("a")],
    [["xread", "BLOCK", 0, "STREAMS", "a", "$"], commands.xRead({ key: "a", id: "$" }, { BLOCK: 0 })],
    [["JSON.DEBUG", "MEMORY", "a"], namespaces.json.debugMemory("a")],
    [["dump", "a"], commands.dump("a")],
  ] as const)("%j", (words, made) => {
    const { spec, args, decode } = raw(words);
    // Its reply is given as it comes.
    const shape = made.spec.shape === "object" ? "plain" : made.spec.shape;
    expect(spec).toEqual({ ...made.spec, shape });
    expect(args).toEqual(made.args);
    expect(decode).toBeNull();
  });

  test("words may be Buffers", () => {
    expect(raw([Buffer.from("config"), Buffer.from("get"), "a"]).spec.name).toBe("CONFIG GET");
  });

  test.each([[[]], [[""]]])("%j is no command", (words) => {
    expect(() => raw(words)).toThrow(/needs the name of a command/);
  });
});
