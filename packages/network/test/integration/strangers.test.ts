import { startServer } from "@redoubt/server";
import { expect, test } from "vitest";
import { clockDiffers } from "../../src/checks/server/clock-differs.ts";
import { doctor } from "../../src/doctor/doctor.ts";
import type { Evidence } from "../../src/probes/evidence.ts";
import type { ServerFacts } from "../../src/probes/server-facts.ts";
import { askServerFacts } from "../../src/probes/server-facts.ts";
import { listen } from "./listening.ts";

const quick = { latency: 0, timeout: 1000, connectTimeout: 1500 } as const;

test("what answers is not Redis", async () => {
  await using stranger = await listen((socket) =>
    socket.once("data", () => socket.write("220 mail.example.com ESMTP\r\n")),
  );
  const { findings, verdict } = await doctor(`redis://127.0.0.1:${stranger.port}`, quick);
  expect(findings[0]?.id).toBe("server-not-redis");
  expect(verdict.connected).toBe(false);
});

test("what listens never answers", async () => {
  await using stranger = await listen((socket) => socket.resume());
  const { findings } = await doctor(`redis://127.0.0.1:${stranger.port}`, quick);
  expect(findings[0]?.id).toBe("server-not-redis");
});

test("a failure that no check knows is told all the same, with its error's advice", async () => {
  await using busy = await listen((socket) =>
    socket.once("data", () => socket.write("-BUSY a script is running\r\n")),
  );
  const { findings } = await doctor(`redis://127.0.0.1:${busy.port}`, quick);
  expect(findings[0]?.id).toBe("other-failure");
  expect(findings[0]?.evidence[0]).toMatch(/^REPLY_BUSY/);
});

test("weak points of the string are told although it connects", async () => {
  await using server = await startServer();
  const { findings, verdict } = await doctor(server.uri.replace("//default:", "//"), quick);
  expect(verdict.connected).toBe(true);
  expect(findings[0]?.id).toBe("string-suspicious");
  expect(findings[0]?.evidence[0]).toMatch(/^lone-token-is-password/);
});

test("the clock of a server on this machine is this machine's; one that is off is told", async () => {
  await using server = await startServer();
  const facts = await askServerFacts({ url: server.uri }, 2000, false);
  expect(Math.abs(facts.clockAhead ?? Number.NaN)).toBeLessThan(5000);
  const behind: ServerFacts = { ...facts, clockAhead: -3_600_000 };
  const found = clockDiffers.find({ server: behind } as unknown as Evidence);
  expect(found?.evidence).toEqual(["by the server, this clock is 60 minutes behind"]);
});
