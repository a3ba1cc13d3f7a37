import { isIPv6 } from "node:net";
import { encoded, hasTlsOptions, type WrittenOption, writtenOptions } from "../settings.ts";
import type { Endpoint, Target } from "../target.ts";

/** `rediss://user:password@host:port/0?option=value`, ports always written. */
export function formatUrl(target: Target, reveal: boolean): string {
  const { tls, endpoints } = target;
  const socket = endpoints.length === 1 && endpoints[0]?.path !== undefined;
  const scheme = socket ? "unix" : tls.enabled ? "rediss" : "redis";
  const options = writtenOptions(target, "url", reveal);
  const inPlace = new Set(["username", "password", ...(socket ? [] : ["database"])]);
  // Where the scheme says it all, `ssl=` would only repeat it; in plain text it marks TLS options as meant that way.
  if (socket ? !tls.enabled && !hasTlsOptions(target) : tls.enabled || !hasTlsOptions(target))
    inPlace.add("tls");
  const query = options
    .filter(({ name }) => !inPlace.has(name))
    .map((option) => `${option.word}=${encodedOption(option)}`)
    .join("&");
  // An empty path tells the URL from ServiceStack's form of redis://.
  const path = socket || (target.database === null && query === "") ? "" : `/${target.database ?? ""}`;
  return `${scheme}://${userInfo(options)}${endpoints.map(hostText).join(",")}${path}${query === "" ? "" : `?${query}`}`;
}

const encodedOption = ({ text, masked, name }: WrittenOption) => encoded(text, masked, "url", name);

function userInfo(options: readonly WrittenOption[]): string {
  const part = (name: string) => {
    const option = options.find((one) => one.name === name);
    return option === undefined ? null : encodedOption(option);
  };
  const [username, password] = [part("username"), part("password")];
  return username === null && password === null ? "" : `${username ?? ""}:${password ?? ""}@`;
}

function hostText({ host, port, path }: Endpoint): string {
  if (path !== undefined)
    return path
      .split("/")
      .map((piece) => encoded(piece, false, "url", "the path"))
      .join("/");
  return `${isIPv6(host) ? `[${host.replace("%", "%25")}]` : host}:${port}`;
}
