import { expect, test } from "vitest";
import { readConnectionWords } from "../../../src/service/connection-words.ts";

const services = ["my-redis", "uri", "redis"];

test.each([
  [["my-redis"], { name: "my-redis" }],
  [["my-redis", "env"], { name: "my-redis", form: "env" }],
  [["env", "my-redis"], { name: "my-redis", form: "env" }],
  [["redis", "uri", "my-redis"], { name: "my-redis", form: "uri" }],
  [["valkey", "stunnel.conf", "my-redis"], { name: "my-redis", form: "stunnel.conf" }],
  // A service that is called as a form is.
  [["uri"], { name: "uri" }],
  [["uri", "env"], { name: "uri", form: "env" }],
  [["env", "uri"], { name: "uri", form: "env" }],
  [["uri", "my-redis"], { name: "my-redis", form: "uri" }],
  [["redis", "uri"], { name: "redis", form: "uri" }],
  // Refused later, by the service or by the form.
  [["my-redis", "perl"], { name: "my-redis", form: "perl" }],
  [["uri", "nobody"], { name: "nobody", form: "uri" }],
])("%j", (words, expected) => {
  expect(readConnectionWords(words, services)).toEqual(expected);
});

test.each([[["redis", "my-redis", "uri"]], [["my-redis", "uri", "env"]], [["pg", "uri", "my-redis"]]])(
  "%j is refused with the orders that there are",
  (words) => {
    expect(() => readConnectionWords(words, services)).toThrow(
      expect.objectContaining({ code: "CONFIG_SYNTAX", hint: expect.stringContaining("redis FORM NAME") }),
    );
  },
);
