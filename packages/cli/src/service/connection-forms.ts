import { format, parse, RedoubtError, type Target } from "@redoubt/client";
import type { Snippet, SnippetFacts } from "./snippets/facts.ts";
import { ioredis, nodeRedis, redoubt } from "./snippets/javascript.ts";
import { dotnet, go, java, php, python } from "./snippets/others.ts";
import { redisCli } from "./snippets/redis-cli.ts";

/** Programs that connect, ready to be copied. */
export const snippets: readonly Snippet[] = [
  redisCli,
  redoubt,
  nodeRedis,
  ioredis,
  python,
  go,
  java,
  php,
  dotnet,
];

/** A connection, in the words of a program or a library. */
export interface ConnectionForm {
  readonly name: string;
  readonly title: string;
  /** Whether the password is in it. */
  readonly secret: boolean;
}

/** What `connection-info` can print. */
export const connectionForms: readonly ConnectionForm[] = [
  {
    name: "uri",
    title: "Service URI, as every program reads it; --ca adds the CA's file for Redoubt",
    secret: true,
  },
  { name: "env", title: "lines for .env: REDIS_URL, REDIS_HOST, …", secret: true },
  { name: "stackexchange", title: "connection string of StackExchange.Redis", secret: true },
  { name: "servicestack", title: "connection string of ServiceStack.Redis", secret: true },
  { name: "password", title: "the password alone", secret: true },
  { name: "stunnel.conf", title: "stunnel client in front of programs without TLS", secret: false },
  ...snippets.map(({ name, title }) => ({ name, title, secret: false })),
];

/** What a form is written from. */
export interface ConnectionFacts extends SnippetFacts {
  /** Connection string in the form that every program reads. */
  readonly uri: string;
  /** Names the CA's file in it, which Redoubt reads and other programs do not know. */
  readonly withCa: boolean;
}

/**
 * Writes a connection in one of {@link connectionForms}.
 *
 * @throws RedoubtError CONFIG_NOT_EXPRESSIBLE that names what the form has no word for
 */
export function writeConnection(form: string, facts: ConnectionFacts): string {
  const bare = parse(facts.uri);
  const target = trusting(bare, facts.caFile);
  switch (form) {
    case "uri":
      return format(facts.withCa ? target : bare, "url", { reveal: true });
    case "env":
      return environment(facts, facts.withCa ? target : bare);
    case "stackexchange":
    case "servicestack":
      return format(bare, form, { reveal: true });
    case "password":
      return target.password?.reveal() ?? "";
    case "stunnel.conf":
      return format(target, "stunnel");
    default:
      return snippetNamed(form).text(facts);
  }
}

/** The target with the CA's file; as it is where there is no TLS. */
export function trusting(target: Target, caFile: string): Target {
  return target.tls.enabled ? { ...target, tls: { ...target.tls, caFile } } : target;
}

/** The names that Redoubt reads, and beside them those that managed services give out. */
function environment(facts: ConnectionFacts, target: Target): string {
  const tls = target.tls.enabled;
  return [
    format(target, "env", { reveal: true }),
    `REDIS_USER=${facts.username}`,
    `REDIS_SSL=${tls}`,
    ...(tls ? [`REDIS_CA_FILE=${facts.caFile}`] : []),
  ].join("\n");
}

function snippetNamed(name: string): Snippet {
  const found = snippets.find((snippet) => snippet.name === name);
  if (found !== undefined) return found;
  throw new RedoubtError("CONFIG_INVALID_VALUE", "There is no such form of a connection.", {
    hint: `Forms: ${connectionForms.map((form) => form.name).join(", ")}.`,
  });
}
