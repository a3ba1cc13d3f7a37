import { type ErrorRow, row } from "./row.ts";

/** What is wrong with an app of the app model, or becomes of it. */
export const apps = {
  APP_NAME: row(
    false,
    "A name with other characters than letters, digits and hyphens, or one that is used twice.",
    "Choose another name; the message says which rule is broken, and in which call.",
  ),
  APP_MODEL: row(
    false,
    "Two calls that contradict each other, or a value that the call does not take.",
    "Correct the call that the message names.",
  ),
  APP_REFERENCE: row(
    false,
    "A reference to a resource that has no connection string and no endpoint.",
    "Give the resource an endpoint, or its connection string a value; the message names it.",
  ),
  APP_PARAMETER: row(
    false,
    "The parameter is set neither in the environment nor in redoubt.json.",
    "Set the environment variable that the message names.",
  ),
  APP_RESOURCE_FAILED: row(
    false,
    "The program is missing, ended at once, or did not become healthy.",
    "The last lines of the resource's log, which the message quotes or names, say what is wrong.",
  ),
  APP_PUBLISH: row(
    false,
    "Something that exists only on this machine, or a combination that Azure does not have.",
    "Nothing was written: correct what the message names and publish again.",
  ),
  APP_DEPLOY: row(
    false,
    "Azure refused a deployment, or the subscription may not have what is asked for.",
    "The message has Azure's own words; correct that and deploy again: what is done is not done twice.",
  ),
  APP_STATE: row(
    false,
    "A file of the app's state was edited or written by another version, or its folder cannot be used.",
    "Restore the file that the message names, or delete it: then made-up passwords are made anew.",
  ),
} as const satisfies Record<string, ErrorRow>;
