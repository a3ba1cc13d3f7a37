import type { Case } from "./case.ts";
import { connectionCases } from "./connection.ts";
import { genericCases } from "./generic.ts";
import { hashCases } from "./hash.ts";
import { listCases } from "./list.ts";
import { scriptingCases } from "./scripting.ts";
import { serverCases } from "./server.ts";
import { setCases } from "./set.ts";
import { sortedSetCases } from "./sorted-set.ts";
import { stringCases } from "./string.ts";

/** Every call that node-redis has, too, by family. */
export const families: Readonly<Record<string, readonly Case[]>> = {
  generic: genericCases,
  string: stringCases,
  hash: hashCases,
  list: listCases,
  set: setCases,
  "sorted set": sortedSetCases,
  server: serverCases,
  connection: connectionCases,
  scripting: scriptingCases,
};
