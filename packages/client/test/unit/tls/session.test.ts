import { createAuthority } from "@redoubt/server";
import { expect, test } from "vitest";
import { dropSession, keepSession, recallSession } from "../../../src/tls/session.ts";

const certificate = (await (await createAuthority()).issue()).x509;
const sessionOf = (n: number) => ({ session: Buffer.from([n & 255, n >> 8]), certificate, chainError: null });

test("the newest session of a peer is kept, until it is dropped", () => {
  keepSession("a", sessionOf(1));
  keepSession("a", sessionOf(2));
  expect(recallSession("a")?.session).toEqual(sessionOf(2).session);
  expect(recallSession("b")).toBeUndefined();
  dropSession("a");
  expect(recallSession("a")).toBeUndefined();
});

test("sessions are bounded: the one stored longest ago gives way", () => {
  for (let i = 0; i < 300; i++) keepSession(`peer ${i}`, sessionOf(i));
  const kept = Array.from({ length: 300 }, (_, i) => i).filter(
    (i) => recallSession(`peer ${i}`) !== undefined,
  );
  expect(kept).toHaveLength(256);
  expect(kept[0]).toBe(44);
  keepSession("peer 44", sessionOf(1));
  keepSession("one more", sessionOf(2));
  expect(recallSession("peer 44")).toBeDefined();
  expect(recallSession("peer 45")).toBeUndefined();
});
