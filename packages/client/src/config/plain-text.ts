import { RedoubtError } from "../errors.ts";
import { providerOf } from "./providers/registry.ts";
import { positionedError } from "./reading.ts";
import type { Endpoint } from "./target.ts";

/**
 * Refuses to send a password as plain text to where nothing but TLS is spoken: it would be read on its way, and be of no
 * use there.
 * @param position of what says plain text, in the connection string; null: it was said in code
 * @throws RedoubtError `CONFIG_INSECURE`
 */
export function refusePlainText(endpoints: readonly Endpoint[], position: number | null): void {
  for (const { host, port } of endpoints) {
    const provider = providerOf([host]);
    if (provider?.speaksOnlyTls(port) !== true) continue;
    const message = `${provider.title} speaks only TLS on port ${port}, and the connection would be plain text`;
    const hint =
      "Switch TLS on: rediss:// in a URL, ssl=true in .NET's forms, --tls for redis-cli, socket.tls in code.";
    throw position === null
      ? new RedoubtError("CONFIG_INSECURE", message, { hint })
      : positionedError("CONFIG_INSECURE", message, position, hint);
  }
}
