import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, Program } from "./program.ts";

/** `client`: plain text comes in, TLS Redis is behind. `terminator`: TLS comes in, plain Redis is behind. */
export type Mode = "client" | "terminator";

/** What contenders stand in front of. */
export interface Ground {
  /** For their configuration files. */
  readonly folder: string;
  readonly plainPort: number;
  readonly tlsPort: number;
  readonly caFile: string;
  /** Of the terminators. */
  readonly certFile: string;
  readonly keyFile: string;
  /** Certificate and key in one file, as HAProxy and hitch want them. */
  readonly bothFile: string;
}

/** A program that is measured. */
export interface Contender {
  readonly name: string;
  readonly mode: Mode;
  /** Whether it is one of ours. */
  readonly ours: boolean;
  /** Processes that do its work. Default 1. */
  readonly processes?: number;
  readonly start: Start;
  /** The same without resuming TLS sessions, for a tunnel that opens one for each connection. */
  readonly startUnresumed?: Start;
}

/** Starts a program. @param node options of Node, for one of ours */
export type Start = (ground: Ground, node?: readonly string[]) => Promise<Program>;

const redoubt = fileURLToPath(new URL("../../../packages/cli/dist/main.js", import.meta.url));

async function configured(
  file: string,
  ground: Ground,
  name: string,
  text: (port: number) => string,
  words: (path: string, port: number) => readonly string[],
): Promise<Program> {
  const port = await freePort();
  // A program may read its file once more: each has one of its own.
  const path = join(ground.folder, `${port}-${name}`);
  await writeFile(path, text(port));
  return Program.start(file, words(path, port), port);
}

const stunnel = (mode: Mode, ground: Ground, more = "") =>
  configured(
    existsSync("/usr/bin/stunnel4") ? "stunnel4" : "stunnel",
    ground,
    `stunnel-${mode}${more === "" ? "" : "-unresumed"}.conf`,
    (port) => stunnelText(mode, ground, port) + more,
    (path) => [path],
  );

function stunnelText(
  mode: Mode,
  { tlsPort, plainPort, caFile, certFile, keyFile }: Ground,
  port: number,
): string {
  const head = `foreground = yes\ndebug = err\npid =\n[redis]\naccept = 127.0.0.1:${port}\n`;
  return mode === "client"
    ? `${head}client = yes\nconnect = 127.0.0.1:${tlsPort}\nverifyChain = yes\nCAfile = ${caFile}\ncheckHost = localhost\n`
    : `${head}connect = 127.0.0.1:${plainPort}\ncert = ${certFile}\nkey = ${keyFile}\n`;
}

const haproxy = (mode: Mode, ground: Ground, more = "") =>
  configured(
    "haproxy",
    ground,
    `haproxy-${mode}${more === "" ? "" : "-unresumed"}.cfg`,
    (port) => {
      const { tlsPort, plainPort, caFile, bothFile } = ground;
      const [bind, server] =
        mode === "client"
          ? [
              "",
              `127.0.0.1:${tlsPort} ssl verify required ca-file ${caFile} verifyhost localhost sni str(localhost)${more}`,
            ]
          : [` ssl crt ${bothFile}`, `127.0.0.1:${plainPort}`];
      return `global
  nbthread 2
  maxconn 4000
defaults
  mode tcp
  timeout connect 5s
  timeout client 1h
  timeout server 1h
frontend in
  bind 127.0.0.1:${port}${bind}
  default_backend out
backend out
  server redis ${server}
`;
    },
    (path) => ["-f", path, "-db"],
  );

const unresumed = "sessionResume = no\n";

const relay = (ground: Ground, node: readonly string[], more = "") =>
  configured(
    process.execPath,
    ground,
    `redoubt-stunnel${more === "" ? "" : "-unresumed"}.conf`,
    (port) => stunnelText("client", ground, port) + more,
    (path) => [...node, redoubt, "tunnel", path],
  );

const hitch = async ({ plainPort, bothFile }: Ground): Promise<Program> => {
  const port = await freePort();
  const ends = [`--frontend=[127.0.0.1]:${port}`, `--backend=[127.0.0.1]:${plainPort}`];
  // It refuses to work as root.
  const user = process.getuid?.() === 0 ? ["--user=nobody"] : [];
  return Program.start("hitch", [...ends, ...user, "--workers=2", "--quiet", bothFile], port);
};

const ours = async (node: readonly string[], words: readonly string[], port: number): Promise<Program> =>
  Program.start(process.execPath, [...node, redoubt, ...words], port);

const terminator =
  (workers: number): Start =>
  async ({ plainPort, certFile, keyFile }, node = []) => {
    const port = await freePort();
    const to = `redis://127.0.0.1:${plainPort}`;
    const listen = ["--listen", `127.0.0.1:${port}`, "--cert", certFile, "--key", keyFile];
    const words = ["terminate", ...listen, "--to", to, "--log", "off", "--workers", String(workers)];
    return ours(node, words, port);
  };

/**
 * All of them; what the others verify, ours verify. hitch 1.7.2 is not among the clients: its client mode ends with an
 * assertion in `handle_clear_accept` at the first connection.
 */
export const contenders: readonly Contender[] = [
  {
    name: "stunnel",
    mode: "client",
    ours: false,
    start: (ground) => stunnel("client", ground),
    startUnresumed: (ground) => stunnel("client", ground, unresumed),
  },
  {
    name: "HAProxy",
    mode: "client",
    ours: false,
    start: (ground) => haproxy("client", ground),
    startUnresumed: (ground) => haproxy("client", ground, " no-ssl-reuse"),
  },
  {
    name: "Redoubt relay",
    mode: "client",
    ours: true,
    processes: Math.min(availableParallelism(), 4),
    start: (ground, node = []) => relay(ground, node),
    startUnresumed: (ground, node = []) => relay(ground, node, unresumed),
  },
  {
    name: "Redoubt tunnel",
    mode: "client",
    ours: true,
    start: async ({ tlsPort, caFile }, node = []) => {
      const port = await freePort();
      const to = `rediss://localhost:${tlsPort}?sslrootcert=${caFile}`;
      return ours(node, ["tunnel", "--to", to, "--listen", `127.0.0.1:${port}`], port);
    },
  },
  { name: "stunnel", mode: "terminator", ours: false, start: (ground) => stunnel("terminator", ground) },
  { name: "HAProxy", mode: "terminator", ours: false, start: (ground) => haproxy("terminator", ground) },
  { name: "hitch", mode: "terminator", ours: false, start: hitch },
  { name: "Redoubt terminator", mode: "terminator", ours: true, start: terminator(1) },
  { name: "Redoubt with 2 workers", mode: "terminator", ours: true, processes: 2, start: terminator(2) },
];
