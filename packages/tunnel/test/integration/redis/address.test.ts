import { parse } from "@redoubt/client";
import { startServer } from "@redoubt/server";
import { expect, test, vi } from "vitest";
import { Upstream } from "../../../src/upstream/upstream.ts";
import { until } from "./talk.ts";

// A machine that is busy with other things is no reason to fail.
vi.setConfig({ testTimeout: 120_000 });

test("a name that leads elsewhere: shared connections end when nothing is due, a client's own stay", async () => {
  await using server = await startServer();
  let addresses: readonly string[] = ["127.0.0.1", "::1"];
  let asked = 0;
  const upstream = new Upstream(
    {
      target: parse(server.uri),
      addresses: {
        interval: 10,
        resolve: async (host) => {
          expect(host).toBe("localhost");
          asked++;
          if (addresses.length === 0) throw new Error("no answer");
          return addresses;
        },
      },
    },
    {},
  );
  try {
    const shared = await upstream.open({ protocol: 3, database: 0 });
    const own = await upstream.open({ protocol: 3, database: 0 });
    own.unasked = { takeUnasked: () => false, lineEnded: () => {} };
    addresses = [];
    const before = asked;
    await until("it was asked twice more", () => asked > before + 2);
    expect(shared.isRetired).toBe(false);
    addresses = ["192.0.2.1"];
    await until("the shared one has ended", () => !shared.isOpen);
    expect(own.isOpen).toBe(true);
    expect(own.isRetired).toBe(false);
  } finally {
    upstream.close();
  }
});
