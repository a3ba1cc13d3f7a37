import type { Target } from "../target.ts";
import { formatUrl } from "./url.ts";

/** `REDIS_URL=…` and, for the programs that want them, the parts of it where they fit into a line. */
export function formatEnv(target: Target, reveal: boolean): string {
  const lines = [`REDIS_URL=${formatUrl(target, reveal)}`];
  const add = (name: string, value: string | null) => {
    if (value !== null && fitsLine(value)) lines.push(`REDIS_${name}=${value}`);
  };
  const [endpoint, ...others] = target.endpoints;
  if (endpoint !== undefined && others.length === 0 && endpoint.path === undefined) {
    add("HOST", endpoint.host);
    add("PORT", String(endpoint.port));
    add("USERNAME", target.username);
    add(
      "PASSWORD",
      target.password === null ? null : reveal ? target.password.reveal() : String(target.password),
    );
    add("TLS", String(target.tls.enabled));
    add("DATABASE", target.database === null ? null : String(target.database));
  }
  return lines.join("\n");
}

/** Quotes and blanks at the ends mean different things to different readers of such lines. */
function fitsLine(value: string): boolean {
  return (
    value !== "" && !/[\p{Cc}\u2028\u2029]/u.test(value) && value === value.trim() && !/^["']/.test(value)
  );
}
