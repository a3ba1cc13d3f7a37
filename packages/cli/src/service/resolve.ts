import { format, parse } from "@redoubt/client";
import type { Invocation } from "../invocation.ts";
import { trusting } from "./connection-forms.ts";
import { hideService, openHome } from "./face.ts";

/**
 * The connection string of a service of that name; `undefined` where there is none. For commands that take a name where they
 * take a connection string.
 */
export async function resolveService(name: string, invocation: Invocation): Promise<string | undefined> {
  // A connection string is never looked for in the file system.
  if (!/^[a-z][-a-z0-9]{0,63}$/.test(name)) return undefined;
  const services = await openHome(invocation);
  if (!(await services.names()).includes(name)) return undefined;
  const { uri, caFile } = hideService(await services.get(name), invocation);
  return format(trusting(parse(uri), caFile), "url", { reveal: true });
}
