import { endpointText } from "../endpoint.ts";
import { type OptionName, optionRow } from "../option-table.ts";
import { notExpressible, type WrittenOption, writtenOptions } from "../settings.ts";
import type { Endpoint, Target } from "../target.ts";

/** `host:6380,password=…,ssl=True`. Nothing can be escaped: a comma or a blank at an end cannot be expressed. */
export function formatStackExchange(target: Target, reveal: boolean): string {
  const options = writtenOptions(target, "stackexchange", reveal)
    .filter(({ name }) => name !== "tls" || target.tls.enabled || target.provider !== null)
    .filter((option) => !sharedWithSentinels(target, option.name))
    .map(optionText);
  return [...target.endpoints.map(hostText), ...options, ...withoutSentinelCredentials(target)].join(",");
}

function hostText(endpoint: Endpoint): string {
  if (endpoint.path === undefined) return endpointText(endpoint);
  refuseUnescapable(endpoint.path, "this path of a socket");
  if (endpoint.path.includes("=")) throw notExpressible("stackexchange", "a = in the path of a socket");
  return `!${endpoint.path}`;
}

function optionText({ name, word, text }: WrittenOption): string {
  refuseUnescapable(text, name);
  const boolean = optionRow(name).type === "boolean";
  return `${word}=${boolean ? (text === "true" ? "True" : "False") : text}`;
}

function refuseUnescapable(text: string, what: string): void {
  if (text.includes(",")) {
    throw notExpressible("stackexchange", `${what}, because it holds a comma and nothing can be escaped`);
  }
  if (text !== text.trim()) {
    throw notExpressible("stackexchange", `${what}, because blanks at its ends would be trimmed`);
  }
}

/** Sentinels get user and password of Redis unless they have their own. */
function sharedWithSentinels({ sentinel, username, password }: Target, name: OptionName): boolean {
  if (name === "sentinelUsername") return sentinel?.username === username;
  return name === "sentinelPassword" && sentinel?.password?.reveal() === password?.reveal();
}

function withoutSentinelCredentials({ sentinel, username, password }: Target): string[] {
  if (sentinel === null) return [];
  const blanks: string[] = [];
  if (sentinel.username === null && username !== null) blanks.push("sentinelUser=");
  if (sentinel.password === null && password !== null) blanks.push("sentinelPassword=");
  return blanks;
}
