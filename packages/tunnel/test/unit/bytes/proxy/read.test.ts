import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ProxyEnd, unknownEnds } from "../../../../src/bytes/proxy/header.ts";
import { readProxyHeader } from "../../../../src/bytes/proxy/read.ts";
import { writeV1 } from "../../../../src/bytes/proxy/v1.ts";
import { v2Signature, writeV2 } from "../../../../src/bytes/proxy/v2.ts";

const port = fc.integer({ min: 0, max: 65_535 });
const end = (address: fc.Arbitrary<string>): fc.Arbitrary<ProxyEnd> => fc.record({ address, port });
/** In the canonical spelling, which is the only one that is read out of version 2. */
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 })
  .map((groups) =>
    new URL(`http://[${groups.map((group) => group.toString(16)).join(":")}]`).hostname.slice(1, -1),
  );
const ends = fc.oneof(fc.tuple(end(fc.ipV4()), end(fc.ipV4())), fc.tuple(end(ipv6), end(ipv6)));
const name = fc.option(fc.domain());

test("what is written is read again, at every split, with nothing taken of what follows", () => {
  fc.assert(
    fc.property(ends, name, fc.uint8Array({ maxLength: 20 }), ([source, destination], authority, rest) => {
      const spelled = (at: ProxyEnd) => ({
        ...at,
        address: new URL(
          `http://${at.address.includes(":") ? `[${at.address}]` : at.address}`,
        ).hostname.replace(/[[\]]/g, ""),
      });
      for (const [bytes, named] of [
        [writeV1(source, destination), null],
        [writeV2(source, destination, authority), authority],
      ] as const) {
        const all = Buffer.concat([bytes, rest]);
        for (let split = 0; split <= all.length; split++) {
          const reading = readProxyHeader(all.subarray(0, split));
          if (split < bytes.length) expect(reading).toEqual({ state: "more" });
          else {
            expect(reading).toMatchObject({ state: "read", bytes: bytes.length });
            if (reading.state !== "read") continue;
            const { header } = reading;
            expect([header.source, header.destination].map((at) => spelled(at as ProxyEnd))).toEqual(
              [source, destination].map(spelled),
            );
            expect(header.authority).toBe(named);
          }
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("rubbish is refused within 4096 bytes and never throws", () => {
  const beginnings = fc.constantFrom(
    Buffer.from("PROXY "),
    Buffer.from("PROXY TCP4 1.2.3.4 "),
    v2Signature,
    Buffer.alloc(0),
  );
  fc.assert(
    fc.property(beginnings, fc.uint8Array({ minLength: 4096, maxLength: 4200 }), (beginning, noise) => {
      const { state } = readProxyHeader(Buffer.concat([beginning, noise]));
      expect(state === "malformed" || state === "read").toBe(true);
    }),
  );
});

test.each([
  ["PROXY UNKNOWN\r\n", unknownEnds],
  ["PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", unknownEnds],
  ["PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n", { source: { address: "192.168.0.1", port: 56_324 } }],
])("version 1, from the specification: %s", (line, header) => {
  expect(readProxyHeader(Buffer.from(line))).toMatchObject({ state: "read", header, bytes: line.length });
});

test.each([
  "PROXY TCP4 192.168.0.1 192.168.0.11 56324\r\n",
  "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443 1\r\n",
  "PROXY TCP4 192.168.0.1 192.168.0.11 056324 443\r\n",
  "PROXY TCP4 192.168.0.1 192.168.0.11 56324 65536\r\n",
  "PROXY TCP4 192.168.0.1 ::1 56324 443\r\n",
  "PROXY TCP6 fe80::1%eth0 ::1 56324 443\r\n",
  "PROXY TCP5 1.1.1.1 1.1.1.1 1 1\r\n",
  "PROXY\r\n",
  "PROXYTCP4",
  `PROXY UNKNOWN ${"x".repeat(100)}`,
  "*1\r\n$4\r\nPING\r\n",
])("version 1, malformed: %s", (line) => {
  expect(readProxyHeader(Buffer.from(line))).toMatchObject({ state: "malformed" });
});

test("version 2, malformed: command, family, lengths, additions", () => {
  const good = writeV2({ address: "1.2.3.4", port: 1 }, { address: "5.6.7.8", port: 2 }, "a.example");
  const changed = (at: number, value: number) => {
    const bytes = Buffer.from(good);
    bytes[at] = value;
    return readProxyHeader(Buffer.concat([bytes, Buffer.alloc(5000)])).state;
  };
  expect(changed(12, 0x22)).toBe("malformed");
  expect(changed(12, 0x11)).toBe("malformed");
  expect(changed(13, 0x51)).toBe("malformed");
  expect(changed(13, 0x13)).toBe("malformed");
  expect(changed(14, 0xff)).toBe("malformed");
  expect(changed(15, 5)).toBe("malformed");
  // The additions then end in the middle of one.
  expect(changed(15, (good[15] as number) - 1)).toBe("malformed");
  expect(changed(13, 0x21)).toBe("malformed");
});

test("a proxy that speaks for itself names nobody; sockets without addresses neither", () => {
  const local = writeV2(null, null);
  expect(local[12]).toBe(0x20);
  expect(readProxyHeader(local)).toEqual({ state: "read", header: unknownEnds, bytes: local.length });
  const unix = Buffer.concat([v2Signature, Buffer.from([0x21, 0x31, 0, 216]), Buffer.alloc(216)]);
  expect(readProxyHeader(unix)).toEqual({ state: "read", header: unknownEnds, bytes: unix.length });
});
