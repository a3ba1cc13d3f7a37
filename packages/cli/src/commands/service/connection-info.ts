import { mask } from "@redoubt/client";
import type { Service, Services } from "@redoubt/services";
import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { columns } from "../../output.ts";
import { type ConnectionFacts, connectionForms, writeConnection } from "../../service/connection-forms.ts";
import { readConnectionWords } from "../../service/connection-words.ts";
import { masked } from "../../service/document.ts";
import { hideService, openHome } from "../../service/face.ts";
import { databaseNumber, oneOf } from "../../usage.ts";

interface Flags {
  readonly username?: string;
  readonly db?: number;
  readonly usage?: "primary" | "replica";
  readonly replica?: true;
  readonly ca?: true;
  readonly reveal?: true;
  readonly json?: true;
}

const formHelp = columns(connectionForms.map(({ name, title }) => [name, title]));

const examples = `
Forms:
${formHelp}

Without a form it shows all there is to know, password masked. Snippets read the password from the environment.

Examples:
  redoubt service connection-info my-redis uri
  redoubt service connection-info my-redis env --username app > .env
  redoubt service connection-info my-redis python
  redoubt service connection-info my-redis stunnel.conf
  redoubt service connection-info redis uri my-redis      the order of the original, also without redis`;

/** Adds `redoubt service connection-info`. */
export function addServiceConnectionInfo(service: Command, invocation: Invocation): void {
  const { output } = invocation;
  service
    .command("connection-info <name> [form] [last]")
    .usage("[options] <name> [form]")
    .description("Show how to connect: a URI, lines for .env, a snippet for a language, a stunnel.conf.")
    .option("-u, --username <user>", "as that user (default: default)")
    .option("-d, --db <n>", "with that database", databaseNumber("--db"))
    .option("--usage <usage>", "primary, replica", oneOf("--usage", ["primary", "replica"]))
    .option("--replica", "the same as --usage replica")
    .option("--ca", "name the CA's file in URIs, as Redoubt reads it: ?sslrootcert=…")
    .option("--reveal", "without a form: show the password")
    .option("--json", "without a form: print one JSON document")
    .addHelpText("after", examples)
    .action(async (first: string, second: string | undefined, last: string | undefined, flags: Flags) => {
      const services = await openHome(invocation);
      const words = [first, second, last].filter((word) => word !== undefined);
      const { name, form } = readConnectionWords(words, await services.names());
      const found = hideService(await services.get(name), invocation);
      const facts = await factsOf(services, found, flags);
      if (form !== undefined) output.exact(writeConnection(form, facts));
      else if (flags.json) output.json(overview(found, facts, flags.reveal === true));
      else output.line(columns(Object.entries(overview(found, facts, flags.reveal === true)).map(row)));
      invocation.exitCode = exitCodes.ok;
    });
}

async function factsOf(services: Services, service: Service, flags: Flags): Promise<ConnectionFacts> {
  const { username = "default", db } = flags;
  const usage = flags.replica ? "replica" : flags.usage;
  const uri = await services.connectionUri(service.name, {
    username,
    ...(db !== undefined && { database: db }),
    ...(usage !== undefined && { usage }),
  });
  const { hostname, port } = new URL(uri);
  const words = [
    ...(flags.username === undefined ? [] : [`--username ${username}`]),
    ...(db === undefined ? [] : [`--db ${db}`]),
    ...(usage === undefined ? [] : [`--usage ${usage}`]),
  ];
  return {
    uri,
    service: service.name,
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port),
    username,
    tls: service.uriParams.tls,
    caFile: service.caFile,
    cluster: service.plan.startsWith("cluster-"),
    options: words.length === 0 ? "" : ` ${words.join(" ")}`,
    database: db ?? 0,
    withCa: flags.ca === true,
  };
}

function overview(service: Service, facts: ConnectionFacts, reveal: boolean) {
  const password = new URL(facts.uri).password;
  const uri = writeConnection("uri", facts);
  return {
    service_uri: reveal ? uri : masked(uri, decodeURIComponent(password)),
    host: facts.host,
    port: facts.port,
    user: facts.username,
    password: reveal ? decodeURIComponent(password) : mask,
    ssl: facts.tls,
    ca_file: facts.tls ? facts.caFile : null,
    route: service.plain === null ? service.route : "plain",
    forms: connectionForms.map(({ name }) => name),
  };
}

function row([label, value]: [string, string | number | boolean | null | string[]]): [string, string] {
  return [label, Array.isArray(value) ? value.join(" ") : value === null ? "" : String(value)];
}
