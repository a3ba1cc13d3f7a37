import type { OptionType } from "../../../src/catalog/option-row.ts";
import { optionNamed } from "../../../src/catalog/option-table.ts";
import type { ServiceTypeName } from "../../../src/catalog/service-types.ts";

/** The type of an option, or of the field that its dots name. */
export function typeOf(service: ServiceTypeName, name: string): OptionType {
  const { row, field } = optionNamed(service, name);
  return field?.row.type ?? row.type;
}

/** Texts after `KEY=` that an option of that type must refuse. */
export function refusedTexts(type: OptionType): readonly string[] {
  switch (type.kind) {
    case "boolean":
      return ["maybe", "", "2", "truee", "null"];
    case "integer":
      return [
        String(type.min - 1),
        String(type.max + 1),
        "",
        "abc",
        "1.5",
        "1e3",
        "007",
        "99999999999999999999",
      ];
    case "word":
      return ["bogus", "", type.words.join(","), `${type.words[0]} x`];
    case "text":
      return [
        "x".repeat(type.maxLength + 1),
        "a\nb",
        ...(type.pattern === undefined ? [] : ["no blanks, please!"]),
      ];
    case "networks":
      return [
        "10.0.0.0/33",
        "10.0.0.1/24",
        "example.com",
        "10.0.0.0/8;",
        "[",
        "[1]",
        '[{"description":"x"}]',
        "::1/129",
      ];
    case "texts":
      return [Array.from({ length: type.maxItems + 1 }, (_, i) => `a${i}`).join(","), "UPPER", "[", "[true]"];
    case "group":
      return ["true", "{", '{"bogus":1}', "[]", ""];
  }
}

/** Texts after `KEY=` that it takes, with what they mean. */
export function takenTexts(type: OptionType): readonly (readonly [text: string, value: unknown])[] {
  switch (type.kind) {
    case "boolean":
      return [
        ...["1", "true", "yes", "on", "True", "YES"].map((text): [string, unknown] => [text, true]),
        ...["0", "false", "no", "off", "False"].map((text): [string, unknown] => [text, false]),
      ];
    case "integer":
      return [
        [String(type.min), type.min],
        [String(type.max), type.max],
        [`0x${type.max.toString(16)}`, type.max],
        [`0o${type.max.toString(8)}`, type.max],
        [` ${type.max} `, type.max],
      ];
    case "word":
      return type.words.map((word) => [word, word]);
    case "text":
      return [["a", "a"]].filter(([text = ""]) => type.pattern?.test(text) ?? true) as [string, string][];
    case "networks":
      return [
        ["", []],
        ["10.0.0.0/8, ::/0", ["10.0.0.0/8", "::/0"]],
        ['["192.168.1.0/24"]', ["192.168.1.0/24"]],
        ["['10.0.0.0/8',]", ["10.0.0.0/8"]],
        [
          "[{'network': '10.0.0.1/32', 'description': 'me'}]",
          [{ network: "10.0.0.1/32", description: "me" }],
        ],
        ['"10.1.0.0/16"', ["10.1.0.0/16"]],
        ["127.0.0.1", ["127.0.0.1"]],
      ];
    case "texts":
      return [
        ["", []],
        ["eu-west-1", ["eu-west-1"]],
        ['["eu-west-1"]', ["eu-west-1"]],
      ];
    case "group":
      return [];
  }
}
