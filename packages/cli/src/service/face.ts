import { Secret } from "@redoubt/client";
import type { Service, Services, ServiceUser, WaitOptions } from "@redoubt/services";
import type { Invocation } from "../invocation.ts";

/** What `@redoubt/services` exports. */
export type ServicesFace = typeof import("@redoubt/services");

/** Loads the services only when a command needs them: others shall start as fast without. */
export function loadServices(): Promise<ServicesFace> {
  return import("@redoubt/services");
}

/** The services of this machine's user, in REDOUBT_HOME or the XDG data folder. */
export async function openHome({ environment }: Invocation): Promise<Services> {
  const { homeFolder, openServices } = await loadServices();
  return openServices({ home: homeFolder(undefined, environment) });
}

/** Makes the passwords of a service known to the output, so that no sentence repeats one. */
export function hideService(service: Service, { output }: Invocation): Service {
  output.hide(new Secret(service.uriParams.password));
  for (const user of service.users) output.hide(new Secret(user.password));
  const migration = service.userConfig["migration"] as { readonly password?: unknown } | null | undefined;
  if (typeof migration?.password === "string") output.hide(new Secret(migration.password));
  return service;
}

/** The same for a user. */
export function hideUser(user: ServiceUser, { output }: Invocation): ServiceUser {
  output.hide(new Secret(user.password));
  return user;
}

/** Says each step on stderr while something is under way; the user's interrupt ends the waiting. */
export function waiting({ output, signal }: Invocation, timeout?: number): WaitOptions {
  return {
    signal,
    ...(timeout !== undefined && { timeout }),
    progress: (sentence) => output.note(output.paintTalk("faint", output.foreign(sentence))),
  };
}
