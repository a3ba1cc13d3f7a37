import type { FormatName } from "../reply/format.ts";

/** What the shell is asked to do, besides a command or the prompt. */
export type ModeName =
  | "pipe"
  | "scan"
  | "bigkeys"
  | "memkeys"
  | "hotkeys"
  | "stat"
  | "latency"
  | "latency-history"
  | "latency-dist"
  | "rdb"
  | "functions-rdb"
  | "eval"
  | "help"
  | "version";

/** Where to connect and as whom, as flags say it; later flags win. Absent: not said. */
export interface TargetFlags {
  uri?: string;
  service?: string;
  host?: string;
  port?: number;
  socket?: string;
  username?: string;
  password?: string;
  database?: number;
  tls?: true;
  servername?: string;
  caFile?: string;
  caFolder?: string;
  /** PEM, in base64. */
  caBase64?: string;
  certFile?: string;
  keyFile?: string;
  ciphers?: string;
  cipherSuites?: string;
  insecure?: true;
  family?: 4 | 6;
  /** For connecting, ms. */
  connectTimeout?: number;
  production?: true;
}

/** The whole command line. */
export interface Settings {
  readonly target: TargetFlags;
  mode?: ModeName;
  /** Of `rdb`, `functions-rdb` and `eval`. */
  file?: string;
  protocol?: 2 | 3;
  format?: FormatName;
  delimiter?: string;
  end?: string;
  showPushes?: boolean;
  askPassword?: true;
  noAuthWarning?: true;
  /** How often the command is sent; negative: for ever. */
  repeat: number;
  /** Between two times, ms; of samples and cycles. */
  interval?: number;
  lastFromStdin?: true;
  stdinTag?: string;
  failOnError?: true;
  quotedInput?: true;
  cluster?: true;
  pattern?: string;
  samples?: number;
  /** Without a reply at the end of `--pipe`, ms; 0: for ever. */
  pipeTimeout: number;
  confirmed?: true;
  verbose?: true;
  /** The command, or keys and arguments of `--eval`. */
  words: readonly string[];
}
