import { expect, test } from "vitest";
import { asArray, asPong, Subscriptions } from "../../../src/redis/subscriptions.ts";

const push = (kind: string, channel: string | null, count: number): Buffer =>
  Buffer.from(
    `>3\r\n$${kind.length}\r\n${kind}\r\n${channel === null ? "_" : `$${channel.length}\r\n${channel}`}\r\n:${count}\r\n`,
  );
const message = Buffer.from(">3\r\n$7\r\nmessage\r\n$1\r\na\r\n$9\r\nsubscribe\r\n");

test("a command is settled when each of its channels is confirmed", () => {
  const subscriptions = new Subscriptions();
  subscriptions.sent("subscribe", 2);
  expect(subscriptions.isUnsettled).toBe(true);
  expect(subscriptions.noted(push("subscribe", "a", 1))).toBe(true);
  expect(subscriptions.noted(message)).toBe(false);
  expect(subscriptions.isUnsettled).toBe(true);
  subscriptions.noted(push("subscribe", "b", 2));
  expect(subscriptions.isUnsettled).toBe(false);
  expect(subscriptions.count).toBe(2);
});

test("without names, all of the family have to go, and the others stay", () => {
  const subscriptions = new Subscriptions();
  subscriptions.sent("SUBSCRIBE", 2);
  subscriptions.noted(push("subscribe", "a", 1));
  subscriptions.noted(push("subscribe", "b", 2));
  subscriptions.sent("PSUBSCRIBE", 1);
  subscriptions.noted(push("psubscribe", "p*", 3));
  subscriptions.sent("SSUBSCRIBE", 1);
  subscriptions.noted(push("ssubscribe", "s", 1));
  expect(subscriptions.count).toBe(4);
  subscriptions.sent("UNSUBSCRIBE", 0);
  subscriptions.noted(push("unsubscribe", "a", 2));
  expect(subscriptions.isUnsettled).toBe(true);
  subscriptions.noted(push("unsubscribe", "b", 1));
  expect(subscriptions.isUnsettled).toBe(false);
  expect(subscriptions.count).toBe(2);
  subscriptions.sent("SUNSUBSCRIBE", 0);
  subscriptions.noted(push("sunsubscribe", "s", 0));
  subscriptions.sent("PUNSUBSCRIBE", 1);
  subscriptions.noted(push("punsubscribe", "p*", 0));
  expect(subscriptions.isActive).toBe(false);
});

test("nothing to unsubscribe from is one confirmation of nothing", () => {
  const subscriptions = new Subscriptions();
  subscriptions.sent("UNSUBSCRIBE", 0);
  subscriptions.noted(push("unsubscribe", null, 0));
  expect(subscriptions.isActive).toBe(false);
});

test("what the server takes back by itself is counted", () => {
  const subscriptions = new Subscriptions();
  subscriptions.sent("SSUBSCRIBE", 1);
  subscriptions.noted(push("ssubscribe", "s", 1));
  subscriptions.noted(push("sunsubscribe", "s", 0));
  expect(subscriptions.isActive).toBe(false);
});

test("a refused command is settled", () => {
  const subscriptions = new Subscriptions();
  subscriptions.sent("SUBSCRIBE", 3);
  subscriptions.refused();
  expect(subscriptions.isActive).toBe(false);
});

test("pushes and pongs in the words of RESP2", () => {
  expect(String(asArray(Buffer.from(message)))).toBe(String(message).replace(">", "*"));
  expect(String(asArray(push("unsubscribe", null, 0)))).toBe("*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0\r\n");
  // A message that looks like nothing stays what it is.
  const odd = ">3\r\n$7\r\nmessage\r\n$1\r\na\r\n$5\r\n\r\n_\r\n\r\n";
  expect(String(asArray(Buffer.from(odd)))).toBe(odd.replace(">", "*"));
  expect(String(asPong(Buffer.from("+PONG\r\n")))).toBe("*2\r\n$4\r\npong\r\n$0\r\n\r\n");
  expect(String(asPong(Buffer.from("$2\r\nhi\r\n")))).toBe("*2\r\n$4\r\npong\r\n$2\r\nhi\r\n");
  expect(String(asPong(Buffer.from("-ERR no\r\n")))).toBe("-ERR no\r\n");
});
