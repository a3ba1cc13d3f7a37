import { expect, test } from "vitest";
import { type AccessEntry, AccessLog } from "../../../src/observe/access-log.ts";

const entry: AccessEntry = {
  listener: "127.0.0.1:6380",
  peer: "10.0.0.4:40123",
  via: null,
  servername: "a.example",
  protocol: "TLSv1.3",
  certificate: "app reason=x\n1",
  upstream: "10.0.0.9:6379",
  reason: "client-closed",
  detail: null,
  sent: 10,
  received: 20,
  duration: 12.6,
};
const now = new Date("2026-01-02T03:04:05.678Z");

test("one line of JSON for each connection", () => {
  const lines: string[] = [];
  new AccessLog("json", (line) => void lines.push(line)).write(entry, now);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { time: "2026-01-02T03:04:05.678Z", ...entry, duration: 13 },
  ]);
});

test("one line of text, in which no name poses as a field", () => {
  const lines: string[] = [];
  const log = new AccessLog("text", (line) => void lines.push(line));
  log.write(entry, now);
  log.write({ ...entry, certificate: null, servername: null, detail: "refused by 10.0.0.9" }, now);
  expect(lines).toEqual([
    '2026-01-02T03:04:05.678Z 10.0.0.4:40123 on=127.0.0.1:6380 sni=a.example tls=TLSv1.3 cert="app reason=x\\n1" to=10.0.0.9:6379 reason=client-closed sent=10 received=20 ms=13',
    '2026-01-02T03:04:05.678Z 10.0.0.4:40123 on=127.0.0.1:6380 tls=TLSv1.3 to=10.0.0.9:6379 reason=client-closed sent=10 received=20 ms=13 "refused by 10.0.0.9"',
  ]);
});
