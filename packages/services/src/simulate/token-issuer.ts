import { randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer as createHttp, type Server } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import { readIfThere } from "../state/disk.ts";
import {
  type CheckedOptions,
  openDoorAgain,
  portOf,
  type RunningSimulation,
  type SimulationHost,
} from "./host.ts";
import { type Identity, makeSigningKey, makeToken } from "./token.ts";
import { answerer } from "./token-endpoint.ts";
import { TokenUser } from "./token-user.ts";

/** What stays the same however often it is started: programs have it in their settings. */
interface Kept extends Identity {
  readonly clientSecret: string;
  readonly identityHeader: string;
  readonly ports: { readonly http: number; readonly https: number; readonly door: number };
}

/** How long a request may take, ms. */
const requestLimit = 10_000;

/**
 * Stands for Microsoft Entra ID on this machine: issues tokens that the service takes as passwords of the user `oid`, at a door of
 * its own where connections end with the token that they last logged in with, and after ten minutes of silence.
 *
 * Options: `lifetime` of tokens, ms; `idle`, ms, 0 for never; `object-id`.
 */
export async function startTokenIssuer(
  host: SimulationHost,
  folder: string,
  options: CheckedOptions,
): Promise<RunningSimulation> {
  const lifetime = options["lifetime"] as number;
  const file = join(folder, "token-issuer.json");
  const kept = await keptOr(file, String(options["object-id"] ?? ""));
  const user = await TokenUser.open(host, folder, kept.objectId);
  const open: (() => Promise<unknown>)[] = [() => user.close()];
  try {
    const signing = await makeSigningKey();
    const answers = answerer({
      identity: kept,
      clientSecret: kept.clientSecret,
      identityHeader: kept.identityHeader,
      signing,
      issue: async (audience) => {
        const issuedAt = Date.now();
        // Tokens count in seconds.
        const expires = Math.ceil((issuedAt + lifetime) / 1000);
        const token = makeToken(signing, kept, {
          issuer: `https://sts.windows.net/${kept.tenant}/`,
          audience,
          issued: Math.floor(issuedAt / 1000),
          expires,
          unique: randomBytes(16).toString("base64url"),
        });
        await user.accept(token, expires * 1000);
        return { token, expiresAt: expires * 1000, issuedAt };
      },
    });
    const { certFile, keyFile } = host.certificate();
    const pem = { cert: await readFile(certFile), key: await readFile(keyFile) };
    const http = await listen(createHttp(answers), kept.ports.http);
    open.push(() => closed(http));
    const https = await listen(createHttps(pem, answers), kept.ports.https);
    open.push(() => closed(https));
    const door = await openDoorAgain(host, {
      port: kept.ports.door,
      idleLimit: options["idle"] as number,
      staysUntil: user.staysUntil,
    });
    open.push(() => door.stop(0));
    const ports = { http: portNumber(http), https: portNumber(https), door: portOf(door.address) };
    await host.disk.write(file, JSON.stringify({ ...kept, ports }));
    const facts = factsOf(host, kept, ports, join(folder, "token-issuer.env"));
    await host.disk.write(facts.environmentFile, environment(facts, kept));
    return { facts, stop: () => stopAll(open) };
  } catch (error) {
    await stopAll(open);
    throw error;
  }
}

function factsOf(host: SimulationHost, kept: Kept, ports: Kept["ports"], environmentFile: string) {
  return {
    uri: `rediss://localhost:${ports.door}?sslrootcert=${encodeURIComponent(host.caFile).replaceAll("%2F", "/")}`,
    tokenEndpoint: `https://localhost:${ports.https}/${kept.tenant}/oauth2/v2.0/token`,
    identityEndpoint: `http://127.0.0.1:${ports.http}/msi/token`,
    instanceMetadata: `http://127.0.0.1:${ports.http}/metadata/identity/oauth2/token`,
    tenant: kept.tenant,
    clientId: kept.clientId,
    objectId: kept.objectId,
    caFile: host.caFile,
    environmentFile,
  };
}

/** For `set -a; . FILE`: what programs read that run on Azure, and the string of the door. */
function environment(facts: ReturnType<typeof factsOf>, kept: Kept): string {
  const rows = {
    REDIS_URL: facts.uri,
    IDENTITY_ENDPOINT: facts.identityEndpoint,
    IDENTITY_HEADER: kept.identityHeader,
    NODE_EXTRA_CA_CERTS: facts.caFile,
    REDOUBT_TOKEN_ENDPOINT: facts.tokenEndpoint,
    REDOUBT_CLIENT_ID: facts.clientId,
    REDOUBT_CLIENT_SECRET: kept.clientSecret,
  };
  const quote = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;
  return Object.entries(rows)
    .map(([name, value]) => `${name}=${quote(value)}\n`)
    .join("");
}

async function keptOr(file: string, objectId: string): Promise<Kept> {
  const text = await readIfThere(file);
  if (text !== null) {
    const kept = JSON.parse(text) as Kept;
    return objectId === "" ? kept : { ...kept, objectId };
  }
  return {
    tenant: randomUUID(),
    clientId: randomUUID(),
    objectId: objectId === "" ? randomUUID() : objectId,
    clientSecret: randomBytes(24).toString("base64url"),
    identityHeader: randomBytes(24).toString("base64url"),
    ports: { http: 0, https: 0, door: 0 },
  };
}

/** On loopback; at the port of before if it is free, else at another. */
async function listen(server: Server, port: number): Promise<Server> {
  server.requestTimeout = requestLimit;
  for (const at of port === 0 ? [0] : [port, 0]) {
    const trouble = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      server.once("error", resolve).listen(at, "127.0.0.1", () => {
        server.off("error", resolve);
        resolve(null);
      });
    });
    if (trouble === null) return server;
    if (trouble.code !== "EADDRINUSE")
      throw new RedoubtError("TCP_FAILED", trouble.message, { cause: trouble });
  }
  throw new RedoubtError("TCP_ADDRESS_IN_USE", "No port is free for the token endpoint");
}

const portNumber = (server: Server): number => (server.address() as AddressInfo).port;

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** The last that was opened first. */
async function stopAll(open: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const stop of open.toReversed()) await stop();
}
