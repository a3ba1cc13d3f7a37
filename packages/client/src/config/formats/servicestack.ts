import { endpointText } from "../endpoint.ts";
import { encoded, hasTlsOptions, notExpressible, singleEndpoint, writtenOptions } from "../settings.ts";
import type { Target } from "../target.ts";

/** `host:port?ssl=true&password=…`: all in the query, because nothing before an `@` can be escaped. */
export function formatServiceStack(target: Target, reveal: boolean): string {
  const endpoint = singleEndpoint(target, "servicestack");
  if (endpoint.path !== undefined) throw notExpressible("servicestack", "a Unix socket");
  const query = writtenOptions(target, "servicestack", reveal)
    .filter(
      ({ name }) => name !== "tls" || target.tls.enabled || target.provider !== null || hasTlsOptions(target),
    )
    .map(({ name, word, text, masked }) => `${word}=${encoded(text, masked, "servicestack", name)}`)
    .join("&");
  return `${endpointText(endpoint)}${query === "" ? "" : `?${query}`}`;
}
