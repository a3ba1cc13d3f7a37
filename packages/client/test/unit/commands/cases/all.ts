import { arrayCases } from "./array.ts";
import { bitmapCases } from "./bitmap.ts";
import type { Case } from "./case.ts";
import { clusterCases } from "./cluster.ts";
import { connectionCases } from "./connection.ts";
import { genericCases } from "./generic.ts";
import { geoCases } from "./geo.ts";
import { hashCases } from "./hash.ts";
import { hyperloglogCases } from "./hyperloglog.ts";
import { listCases } from "./list.ts";
import { pubsubCases } from "./pubsub.ts";
import { scriptingCases } from "./scripting.ts";
import { serverCases } from "./server.ts";
import { setCases } from "./set.ts";
import { sortedSetCases } from "./sorted-set.ts";
import { streamCases } from "./stream.ts";
import { stringCases } from "./string.ts";
import { vectorSetCases } from "./vector-set.ts";
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
  bitmap: bitmapCases,
  hyperLogLog: hyperloglogCases,
  geo: geoCases,
  stream: streamCases,
  "publish/subscribe": pubsubCases,
  cluster: clusterCases,
  "vector set": vectorSetCases,
  array: arrayCases,
};
