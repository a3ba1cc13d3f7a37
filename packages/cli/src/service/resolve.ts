import { parse } from "@redoubt/client";
import type { NamedService } from "@redoubt/shell";
import type { Invocation } from "../invocation.ts";
import { trusting } from "./connection-forms.ts";
import { hideService, openHome } from "./face.ts";

/** Tags that mark a service as production, whatever their case: `environment=production`, `env=prod`, `production=true`. */
const marks: Readonly<Record<string, RegExp>> = {
  environment: /^prod(uction)?$/i,
  env: /^prod(uction)?$/i,
  stage: /^prod(uction)?$/i,
  production: /^(true|yes|1)?$/i,
};

/**
 * What a name means where a connection string is expected: the service of that name, its CA trusted; `null` where there is
 * none.
 */
export async function resolveService(name: string, invocation: Invocation): Promise<NamedService | null> {
  // What cannot be a name is never looked for.
  if (!/^[a-z][-a-z0-9]{0,63}$/.test(name)) return null;
  const services = await openHome(invocation);
  if (!(await services.names()).includes(name)) return null;
  const { uri, caFile, tags } = hideService(await services.get(name), invocation);
  const production = Object.entries(tags).some(
    ([key, value]) => marks[key.toLowerCase()]?.test(value) === true,
  );
  return { target: trusting(parse(uri), caFile), production };
}
