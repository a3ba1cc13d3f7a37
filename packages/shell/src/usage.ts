import { flagGroups } from "./target/flags.ts";

/** What `redoubt cli --help` prints. */
export function usageText(): string {
  const rows = flagGroups.map(([title, flags]) => {
    const lines = flags.map(({ names, value, help }) => {
      const label = `  ${names.join(", ")}${value === null ? "" : ` <${value.toLowerCase()}>`}`;
      return label.length < 34 ? `${label.padEnd(34)}${help}` : `${label}\n${" ".repeat(34)}${help}`;
    });
    return `${title}:\n${lines.join("\n")}`;
  });
  return `Usage: redoubt cli [options] [command [argument ...]]

redis-cli's flags and output, over a connection whose certificate chain and name are
verified. Without a command it reads commands: from the terminal, or from a pipe.
Without -u, -h, -p or -s the environment is read (REDIS_URL, …), else 127.0.0.1:6379.

${rows.join("\n\n")}

Examples:
  redoubt cli -u 'rediss://default@cache.example.com:6380' --askpass
  redoubt cli -h cache.example.com -p 6380 --tls INFO server
  redoubt cli --scan --pattern 'session:*'
  redoubt cli -r 100 -i 1 --csv INCR counter
  redoubt cli --eval script.lua key1 key2 , argument

Exit codes: 0 ok, 1 failure (with -e also an error reply), 2 usage, 4 unreachable,
5 TLS, 6 authentication, 130 interrupted.
`;
}
