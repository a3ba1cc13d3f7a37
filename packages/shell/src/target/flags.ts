import { RedoubtError } from "@redoubt/client";
import { toByteText, toText } from "../line/bytes.ts";
import { unquote } from "../line/split.ts";
import type { ModeName, Settings } from "./settings.ts";

/** A flag: what its value is called, null for none, and what it does. */
export interface Flag {
  readonly names: readonly string[];
  readonly value: string | null;
  readonly help: string;
  readonly set: (settings: Settings, value: string, name: string) => void;
}

function flag(names: string, value: string | null, help: string, set: Flag["set"]): Flag {
  return { names: names.split(" "), value, help, set };
}

function invalid(name: string, wants: string): RedoubtError {
  return new RedoubtError("CONFIG_INVALID_VALUE", `${name} takes ${wants}.`, {
    hint: 'See "redoubt cli --help".',
  });
}

function whole(text: string, name: string, from: number, to: number): number {
  const number = Number(text);
  if (/^[+-]?\d{1,15}$/.test(text) && number >= from && number <= to) return number;
  throw invalid(name, `a whole number from ${from} to ${to}`);
}

/** Seconds, with a fraction perhaps, as ms. */
function seconds(text: string, name: string): number {
  const number = Number(text);
  if (/^\d*\.?\d+$/.test(text) && number * 1000 <= 0x7fffffff) return number * 1000;
  throw invalid(name, "a time in seconds");
}

const mode =
  (name: ModeName): Flag["set"] =>
  (settings, value) => {
    settings.mode = name;
    if (value !== "") settings.file = value;
  };

const connection: readonly Flag[] = [
  flag("-u --uri", "URI", "connection string of any dialect, or the name of a service", (s, v) => {
    s.target.uri = v;
    delete s.target.host;
    delete s.target.port;
    delete s.target.socket;
  }),
  flag("--service", "NAME", "a service of this machine, by its name", (s, v) => (s.target.service = v)),
  flag("-h --host", "HOST", "host (default 127.0.0.1)", (s, v) => (s.target.host = v)),
  flag("-p --port", "PORT", "port (default 6379)", (s, v, n) => (s.target.port = whole(v, n, 1, 65_535))),
  flag("-s", "SOCKET", "Unix socket, instead of host and port", (s, v) => (s.target.socket = v)),
  flag("--user --redisuser", "USER", "ACL user", (s, v) => (s.target.username = v)),
  flag("-a --pass --auth", "PASSWORD", "password; REDISCLI_AUTH or --askpass are safer", (s, v) => {
    s.target.password = v;
  }),
  flag("--askpass", null, "ask for the password", (s) => (s.askPassword = true)),
  flag("--no-auth-warning", null, "no warning about -a", (s) => (s.noAuthWarning = true)),
  flag("-n --ndb", "DB", "number of the database", (s, v, n) => {
    s.target.database = whole(v, n, 0, 0x7fffffff);
  }),
  flag("-2", null, "RESP2", (s) => (s.protocol = 2)),
  flag("-3", null, "RESP3", (s) => (s.protocol = 3)),
  flag("-4", null, "only IPv4", (s) => (s.target.family = 4)),
  flag("-6", null, "only IPv6", (s) => (s.target.family = 6)),
  flag("-t", "SECONDS", "time for connecting, TLS and login included (default 5)", (s, v, n) => {
    s.target.connectTimeout = seconds(v, n);
  }),
  flag("-c", null, "cluster: follow MOVED and ASK", (s) => (s.cluster = true)),
  flag("--tls", null, "TLS; chain and name are verified, SNI is sent", (s) => (s.target.tls = true)),
  flag("--sni --servername", "NAME", "name to verify and to send", (s, v) => (s.target.servername = v)),
  flag("--cacert --certfile", "FILE", "CA certificates, PEM", (s, v) => (s.target.caFile = v)),
  flag("--cacertdir", "FOLDER", "folder with CA certificates, PEM", (s, v) => (s.target.caFolder = v)),
  flag("--certb64", "BASE64", "CA certificates, PEM in base64", (s, v) => (s.target.caBase64 = v)),
  flag("--cert", "FILE", "client certificate, PEM", (s, v) => (s.target.certFile = v)),
  flag("--key", "FILE", "its private key, PEM", (s, v) => (s.target.keyFile = v)),
  flag("--tls-ciphers", "LIST", "ciphers up to TLS 1.2", (s, v) => (s.target.ciphers = v)),
  flag("--tls-ciphersuites", "LIST", "suites of TLS 1.3", (s, v) => (s.target.cipherSuites = v)),
  flag(
    "--insecure --skipverify",
    null,
    "dangerous: accept any certificate",
    (s) => (s.target.insecure = true),
  ),
];

const output: readonly Flag[] = [
  flag("--raw", null, "bytes as they are (default where stdout is no terminal)", (s) => (s.format = "raw")),
  flag("--no-raw", null, "the format for people", (s) => (s.format = "tty")),
  flag("--csv", null, "one row of CSV", (s) => (s.format = "csv")),
  flag("--json", null, "JSON, asked for by RESP3 unless -2", (s) => (s.format = "json")),
  flag("--quoted-json", null, "the same in ASCII", (s) => (s.format = "quoted-json")),
  flag("-d", "TEXT", "between values, with --raw (default a line end)", (s, v) => (s.delimiter = v)),
  flag("-D", "TEXT", "after replies, with --raw (default a line end)", (s, v) => (s.end = v)),
  flag("--show-pushes", "yes|no", "whether to print pushes (default: on a terminal)", (s, v, n) => {
    if (!/^(y|yes|n|no)$/i.test(v)) throw invalid(n, "yes or no");
    s.showPushes = /^y/i.test(v);
  }),
  flag("-e", null, "exit code 1 when the reply is an error", (s) => (s.failOnError = true)),
  flag("--verbose", null, "say more", (s) => (s.verbose = true)),
];

const input: readonly Flag[] = [
  flag("-r", "N", "send the command N times; -1: for ever", (s, v, n) => {
    s.repeat = whole(v, n, -1, Number.MAX_SAFE_INTEGER);
  }),
  flag("-i", "SECONDS", "wait between times, samples, or 100 cycles of SCAN", (s, v, n) => {
    s.interval = seconds(v, n);
  }),
  flag("-x", null, "stdin is the last argument", (s) => (s.lastFromStdin = true)),
  flag("-X", "TAG", "stdin is the argument that reads TAG", (s, v) => (s.stdinTag = v)),
  flag("--quoted-input", null, 'arguments may be "quoted", with escapes', (s) => (s.quotedInput = true)),
  flag("--eval", "FILE", "run a Lua script: keys , arguments", mode("eval")),
  flag("--pipe", null, "send stdin, raw protocol, as fast as it goes", mode("pipe")),
  flag(
    "--pipe-timeout",
    "SECONDS",
    "wait for the last reply of --pipe (default 30; 0: for ever)",
    (s, v, n) => {
      s.pipeTimeout = seconds(v, n);
    },
  ),
];

const looking: readonly Flag[] = [
  flag("--scan", null, "list keys with SCAN", mode("scan")),
  flag("--pattern", "PATTERN", "only keys like this", (s, v) => (s.pattern = v)),
  flag("--quoted-pattern", "PATTERN", "the same, quoted", (s, v, n) => {
    const text = unquote(toByteText(v));
    if (text === null) throw invalid(n, "a quoted text");
    s.pattern = toText(text);
  }),
  flag("--bigkeys", null, "keys with many elements", mode("bigkeys")),
  flag("--memkeys", null, "keys that take much memory", mode("memkeys")),
  flag("--memkeys-samples", "N", "the same, looking at N elements of each", (s, v, n) => {
    s.mode = "memkeys";
    s.samples = whole(v, n, 0, 0x7fffffff);
  }),
  flag("--hotkeys", null, "keys that are used often (LFU policies)", mode("hotkeys")),
  flag("--stat", null, "memory, clients, requests, line by line", mode("stat")),
  flag("--latency", null, "sample the latency", mode("latency")),
  flag("--latency-history", null, "the same, over time (-i, default 15)", mode("latency-history")),
  flag("--latency-dist", null, "the same, as a spectrum", mode("latency-dist")),
  flag("--rdb", "FILE", "copy the data set into a file; - for stdout", mode("rdb")),
  flag("--functions-rdb", "FILE", "the same, functions only", mode("functions-rdb")),
];

const caution: readonly Flag[] = [
  flag(
    "--production",
    null,
    "this is production: ask before what destroys",
    (s) => (s.target.production = true),
  ),
  flag("--yes-destroy", null, "do it without asking", (s) => (s.confirmed = true)),
  flag("--help", null, "print this help", mode("help")),
  flag("--version -v", null, "print the version", mode("version")),
];

/** All flags, in the groups of the help. */
export const flagGroups: readonly (readonly [title: string, flags: readonly Flag[]])[] = [
  ["Where to, as whom", connection],
  ["Output", output],
  ["Input", input],
  ["Looking at a server", looking],
  ["Caution", caution],
];

/** Flags by name. */
export const flagsByName: ReadonlyMap<string, Flag> = new Map(
  flagGroups.flatMap(([, flags]) => flags.flatMap((one) => one.names.map((name) => [name, one] as const))),
);

/** Flags of redis-cli and redli that this shell does not have, and what to do instead. */
export const refusedFlags: Readonly<Record<string, string>> = {
  "--cluster": "Clusters are managed with redis-cli --cluster, or by your provider.",
  "--ldb": "Scripts are debugged with redis-cli --ldb.",
  "--ldb-sync-mode": "Scripts are debugged with redis-cli --ldb.",
  "--lru-test": "Caches are simulated with redis-cli --lru-test.",
  "--intrinsic-latency": "Run redis-cli --intrinsic-latency on the server's machine.",
  "--replica": "Use MONITOR, or --rdb for the data.",
  "--slave": "Use MONITOR, or --rdb for the data.",
};
