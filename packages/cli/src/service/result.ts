import type { Service, Services, ServiceUser } from "@redoubt/services";
import type { Invocation } from "../invocation.ts";
import { masked, serviceDocument } from "./document.ts";
import { hideService } from "./face.ts";

/**
 * Prints the service that a command made or changed: its URI with the password, because that is what the command was run for;
 * as JSON the whole document, with the password too.
 */
export function printService(service: Service, json: true | undefined, invocation: Invocation): void {
  hideService(service, invocation);
  if (json) invocation.output.json(serviceDocument(service, true));
  else if (service.state === "POWEROFF")
    invocation.output.note("The service is powered off: redoubt service power-on.");
  else invocation.output.exact(service.uri);
}

/** Prints the URI of a user that was made or changed. */
export async function printUser(
  name: string,
  user: ServiceUser,
  services: Services,
  { output }: Invocation,
): Promise<void> {
  output.exact(await services.connectionUri(name, { username: user.username }));
}

/** Says how to go on with a new service. */
export function noteNextSteps(
  { name, uri, uriParams, caFile, version, plan }: Service,
  { output }: Invocation,
): void {
  output.note(
    `${name}: ${plan}${version === null ? "" : `, version ${version}`}, ${output.foreign(masked(uri, uriParams.password))}`,
  );
  if (uriParams.tls) output.note(`CA certificate: ${output.foreign(caFile)}`);
  output.note(`Next: redoubt ping "$(redoubt service connection-info ${name} uri --ca)"`);
}
