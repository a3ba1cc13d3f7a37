import { readFileSync } from "node:fs";
import { parse, RedoubtError, type Secret, type Target } from "@redoubt/client";
import { isAlias, isMap, isSeq, LineCounter, type Node, parseDocument, visit } from "yaml";
import { Place } from "./place.ts";
import { MapReader, type Variables } from "./reader.ts";

/** One tunnel of a file, in the words of `createTunnel`. */
export interface TunnelSettings {
  readonly to: Target;
  readonly listen?: readonly string[];
  readonly exposed?: boolean;
  readonly auth?: "inject" | "entra" | "none";
  readonly users?: Readonly<Record<string, Secret>>;
  readonly connectTimeout?: number;
  readonly sharedLines?: number;
  readonly nodePorts?: number;
  readonly status?: string;
}

/** What a file of tunnels says. */
export interface TunnelFile {
  readonly tunnels: readonly TunnelSettings[];
  /** How long what is under way may take at the end, ms; null: it does not say. */
  readonly drain: number | null;
  readonly accessLog: "json" | "text" | null;
  /** Whether secrets stand in the file itself: then nobody else should be able to read it. */
  readonly holdsSecrets: boolean;
}

const tlsKeys = ["ca", "cert", "key", "servername"] as const;
const tunnelKeys = [
  "to",
  "listen",
  "exposed",
  "auth",
  "password",
  "users",
  "connectTimeout",
  "connections",
  "nodePorts",
  "status",
  "tls",
] as const;
const fileKeys = ["drain", "accessLog"] as const;

/**
 * Reads a file of tunnels, YAML or JSON: the keys of one tunnel, or several of them under `tunnels`.
 * @throws RedoubtError `CONFIG_FILE`, and what {@link parseTunnelFile} throws
 */
export function readTunnelFile(path: string, variables: Variables): TunnelFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const { code = "unreadable" } = cause as NodeJS.ErrnoException;
    throw new RedoubtError("CONFIG_FILE", `${path} cannot be read (${code})`, { cause });
  }
  return parseTunnelFile(text, path, variables);
}

/**
 * Reads the text of such a file.
 * @param file its name, for messages
 * @throws RedoubtError of the family `CONFIG_`: the message begins with `file:line:column` and holds no value
 */
export function parseTunnelFile(text: string, file: string, variables: Variables): TunnelFile {
  const lines = new LineCounter();
  // Pretty errors would quote the text, which may hold a secret.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = new Place(file, lines);
  const [wrong] = document.errors;
  if (wrong !== undefined)
    throw place.error(
      "CONFIG_SYNTAX",
      wrong.pos[0],
      `this is neither YAML nor JSON (${wrong.code})`,
      "Correct it there.",
    );
  const root = document.contents as Node | null;
  visit(document, (_key, node) => {
    if (isAlias(node)) throw place.error("CONFIG_SYNTAX", node, "aliases are not read", "Write it out.");
  });
  const isList = isMap(root) && root.has("tunnels");
  const known = isList ? ["tunnels", ...fileKeys] : [...tunnelKeys, ...fileKeys];
  const whole = new MapReader(root, "", known, place, variables);
  const found: { settings: TunnelSettings; isHere: boolean }[] = [];
  if (isList) {
    const list = root.get("tunnels", true) as unknown as Node;
    if (!isSeq(list) || list.items.length === 0)
      throw place.error("CONFIG_INVALID_VALUE", list, '"tunnels" must be a list of tunnels');
    list.items.forEach((item, i) => {
      found.push(tunnelIn(new MapReader(item as Node, `tunnels[${i}].`, tunnelKeys, place, variables)));
    });
  } else found.push(tunnelIn(whole));
  return {
    tunnels: found.map(({ settings }) => settings),
    drain: whole.number("drain", 0, 86_400_000) ?? null,
    accessLog: whole.word<"json" | "text">("accessLog", ["json", "text"]) ?? null,
    holdsSecrets: found.some(({ isHere }) => isHere),
  };
}

function tunnelIn(map: MapReader): { settings: TunnelSettings; isHere: boolean } {
  const to = map.secret("to");
  if (to === undefined)
    throw map.missing("to", "Say where to: a connection string, { env: REDIS_URL } or { file: path }.");
  const target = withTls(parse(to.secret.reveal()), map.map("tls", tlsKeys));
  const users: Record<string, Secret> = {};
  const password = map.secret("password");
  if (password !== undefined) users["default"] = password.secret;
  let isHere = (to.isHere && target.password !== null) || password?.isHere === true;
  const names = map.names("users");
  const each = map.map("users", names);
  for (const name of names) {
    const found = each?.secret(name);
    if (found === undefined) continue;
    users[name] = found.secret;
    isHere ||= found.isHere;
  }
  const settings = {
    to: target,
    listen: map.texts("listen"),
    exposed: map.flag("exposed"),
    auth: map.word("auth", ["inject", "entra", "none"]),
    users: Object.keys(users).length === 0 ? undefined : users,
    connectTimeout: map.number("connectTimeout", 1, 0x7fffffff),
    sharedLines: map.number("connections", 0, 1000),
    nodePorts: map.number("nodePorts", 1, 65_535),
    status: map.text("status"),
  };
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return { settings: Object.fromEntries(given) as unknown as TunnelSettings, isHere };
}

function withTls(target: Target, tls: MapReader | undefined): Target {
  if (tls === undefined) return target;
  const { tls: said } = target;
  return {
    ...target,
    tls: {
      ...said,
      caFile: tls.text("ca") ?? said.caFile,
      certFile: tls.text("cert") ?? said.certFile,
      keyFile: tls.text("key") ?? said.keyFile,
      servername: tls.text("servername") ?? said.servername,
    },
  };
}
