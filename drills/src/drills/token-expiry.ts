import { ok } from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { startServer } from "@redoubt/server";
import type { Drill } from "../drill.ts";
import { Subject } from "../stage/subject.ts";
import { TokenService } from "../stage/token-service.ts";

/** Lifetime of a token, ms. */
const lifetime = 3000;
const duration = 4 * lifetime;

export const tokenExpiry: Drill = {
  name: "token-expiry",
  title: "Tokens that end every few seconds",
  what: `Every connection logs in with a token that lasts ${lifetime / 1000} s; when it ends, the server closes all that have no newer one. The workers publish, too. Nobody should notice anything, and listeners should hear every message once; a RESP2 connection that listens cannot log in again and is replaced.`,
  allowed: { recoverMs: 750, codes: [] },
  async run() {
    await using server = await startServer();
    using service = new TokenService(server, lifetime);
    await using subject = await Subject.open(
      { kind: "client", url: withoutLogin(server.uri), tokens: true, audience: true },
      { token: () => service.issue() },
    );
    await subject.load();
    await delay(duration);
    const account = await subject.finish();
    service.check();
    ok(service.ended >= duration / lifetime, `only ${service.ended} tokens have ended`);
    for (const { protocol, published, received } of account.heard)
      ok(received === published, `the RESP${protocol} listener heard ${received} of ${published} messages`);
    const { issued, ended, cut } = service;
    return {
      account,
      facts: { "tokens issued": issued, "tokens ended": ended, "connections cut by their end": cut },
    };
  },
};

function withoutLogin(uri: string): string {
  const url = new URL(uri);
  url.username = url.password = "";
  return url.href;
}
