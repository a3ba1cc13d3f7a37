import { randomBytes } from "node:crypto";
import { RedoubtError } from "@redoubt/client";
import type { Connection, Destination } from "./ground.ts";
import { type Principal, principalOf } from "./principal.ts";
import type { Choice, Questions } from "./questions.ts";
import { checkGroup, checkGuid, checkLocation, type Settings } from "./settings.ts";
import type { SavedContext, StateFile } from "./state.ts";

/** What decides where things go. */
export interface DestinationOptions {
  readonly connection: Connection;
  readonly settings: Settings;
  readonly state: StateFile;
  /** For the name of a group: letters, digits, hyphens. */
  readonly appName: string;
  readonly mode: "run" | "deploy";
  /** Nothing is made, nothing is written. */
  readonly dryRun: boolean;
  /** `null` where nobody can be asked. */
  readonly questions: Questions | null;
  /** Asked before a group is made; throws where it is not meant. */
  readonly approve: ((where: string) => Promise<void>) | undefined;
  readonly signal: AbortSignal;
}

/** Tag of groups that were made for an app; with the app's identity as its value. */
export const ownerTag = "redoubt-app";

/**
 * Finds out where to deploy: configuration first, then what an earlier run has used, then questions, with lists read from Azure.
 * (The original lets saved state win over configuration, so that a changed setting does nothing; here it counts.) The group is made
 * when it is absent and may be.
 *
 * @throws RedoubtError `CONFIG_MISSING` naming the key, where nobody can be asked; `APP_DEPLOY` where the group is not there and may not
 *   be made
 */
export async function destinationOf(options: DestinationOptions): Promise<Destination> {
  const { connection, settings, state, signal } = options;
  const saved = state.context;
  // Before anybody logs in: what cannot be asked is told at once.
  if (options.questions === null && settings.subscription === undefined && saved.subscription === undefined)
    throw unset("Azure:SubscriptionId");
  if (options.questions === null && settings.location === undefined && saved.location === undefined)
    throw unset("Azure:Location");
  const principal = principalOf(await connection.parts.tokens.get(connection.cloud.scope, { signal }));
  const subscription = settings.subscription ?? saved.subscription ?? (await askSubscription(options));
  const location =
    settings.location ??
    sameSubscription(saved, subscription)?.location ??
    (await askLocation(options, subscription));
  const kept = sameSubscription(saved, subscription)?.group;
  const group = settings.group ?? kept ?? (await groupName(options));
  tellChange(options, saved, { subscription, group });
  await options.approve?.(`group ${group} in ${location}, subscription ${subscription}`);
  const may = settings.mayMakeGroup ?? (settings.group === undefined || options.mode === "deploy");
  const { there, made } = await ensureGroup(options, { subscription, group, location, may });
  if (!options.dryRun)
    await state.setContext({
      cloud: connection.cloud.name,
      subscription,
      tenant: principal.tenant,
      location,
      group,
      groupIsOurs: made || (kept === group && saved.groupIsOurs === true),
    });
  return { subscription, location, group, groupIsThere: there, principal };
}

const sameSubscription = (saved: SavedContext, subscription: string): SavedContext | undefined =>
  saved.subscription === subscription ? saved : undefined;

function tellChange(
  { connection }: DestinationOptions,
  saved: SavedContext,
  now: { subscription: string; group: string },
): void {
  if (saved.subscription === undefined) return;
  if (saved.subscription === now.subscription && saved.group?.toLowerCase() === now.group.toLowerCase())
    return;
  connection.tell({
    kind: "note",
    severity: "warning",
    message: `It was deployed to group ${saved.group ?? "?"} of subscription ${saved.subscription} before; what is there stays there, and all is deployed anew`,
  });
}

async function ensureGroup(
  { connection, dryRun, state, signal }: DestinationOptions,
  {
    subscription,
    group,
    location,
    may,
  }: { subscription: string; group: string; location: string; may: boolean },
): Promise<{ there: boolean; made: boolean }> {
  const place = { kind: "group", subscription, group } as const;
  const found = await connection.deployments.group(place, signal);
  if (found?.state === "Deleting")
    throw new RedoubtError("APP_DEPLOY", `The resource group ${group} is being deleted`, {
      hint: "Wait until it is gone, or name another one: Azure:ResourceGroup.",
    });
  if (found !== null) return { there: true, made: false };
  if (!may)
    throw new RedoubtError(
      "APP_DEPLOY",
      `There is no resource group ${group} in subscription ${subscription}`,
      {
        hint: `Make it (az group create -n ${group} -l ${location}), or set Azure:AllowResourceGroupCreation to true.`,
      },
    );
  if (dryRun) return { there: false, made: false };
  await connection.deployments.makeGroup(place, { location, tags: { [ownerTag]: state.app } }, signal);
  connection.tell({
    kind: "note",
    severity: "info",
    message: `Made the resource group ${group} in ${location}`,
  });
  return { there: true, made: true };
}

async function groupName(options: DestinationOptions): Promise<string> {
  const { settings, appName, mode, questions, signal } = options;
  const name = `${settings.groupPrefix}-${appName}`;
  const made = mode === "run" ? `${name.slice(0, 81)}-${randomBytes(4).toString("hex")}` : name.slice(0, 90);
  const initial = made.replace(/[.]+$/, "");
  if (questions === null) return initial;
  return questions.text("Resource group", { initial, problem: problemOf(checkGroup) }, signal);
}

async function askSubscription(options: DestinationOptions): Promise<string> {
  const { connection, questions, signal } = options;
  const ask = asker(questions, "Azure:SubscriptionId");
  const choices = await listed(options, "Listing subscriptions", "/subscriptions", (each) => ({
    value: String(each["subscriptionId"]),
    label: String(each["displayName"] ?? each["subscriptionId"]),
    hint: String(each["subscriptionId"]),
  }));
  if (choices.length > 0) return ask.choose("Subscription", choices, signal);
  connection.tell({
    kind: "note",
    severity: "warning",
    message: "This login sees no subscription; type the id of one",
  });
  return checkGuid(await ask.text("Id of the subscription", { problem: problemOf(checkGuid) }, signal));
}

async function askLocation(options: DestinationOptions, subscription: string): Promise<string> {
  const { questions, signal } = options;
  const ask = asker(questions, "Azure:Location");
  const path = `/subscriptions/${subscription}/locations`;
  const choices = await listed(options, "Listing regions", path, (each) =>
    (each["metadata"] as { regionType?: unknown } | undefined)?.regionType === "Logical"
      ? null
      : {
          value: String(each["name"]),
          label: String(each["displayName"] ?? each["name"]),
          hint: String(each["name"]),
        },
  );
  if (choices.length > 0) return ask.choose("Region", choices, signal);
  return checkLocation(
    await ask.text("Region, for example westeurope", { problem: problemOf(checkLocation) }, signal),
  );
}

/** A list read from Azure; empty where it cannot be read, because then one can still type. */
async function listed(
  { connection, signal }: DestinationOptions,
  what: string,
  path: string,
  read: (each: Readonly<Record<string, unknown>>) => Choice | null,
): Promise<readonly Choice[]> {
  try {
    const list = await connection.client.list({ path, version: "2022-12-01", what, signal });
    const choices = list.map((each) => read(each as Record<string, unknown>)).filter((each) => each !== null);
    return choices.sort((a, b) => a.label.localeCompare(b.label));
  } catch (error) {
    if (error instanceof RedoubtError && (error.code === "CLOSED_ABORTED" || error.code.startsWith("AUTH_")))
      throw error;
    connection.tell({ kind: "note", severity: "warning", message: `${what}: ${(error as Error).message}` });
    return [];
  }
}

function asker(questions: Questions | null, key: string): Questions {
  if (questions !== null) return questions;
  throw unset(key);
}

function unset(key: string): RedoubtError {
  return new RedoubtError("CONFIG_MISSING", `${key} is not set`, {
    hint: `Set it in redoubt.json beside the app's file, or as the variable ${key.replace(":", "__")}; with a terminal it is asked for.`,
  });
}

function problemOf(check: (value: string) => string): (answer: string) => string | undefined {
  return (answer) => {
    try {
      check(answer);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
}

/** Who deploys, for templates. */
export function knownOf({
  principal,
  location,
}: Pick<Destination, "principal" | "location">): Readonly<Record<string, string>> {
  const { id, name, type }: Principal = principal;
  return { principalId: id, principalName: name, principalType: type, userPrincipalId: id, location };
}
