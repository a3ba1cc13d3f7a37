import { arrayCases } from "./array.ts";
import { bitmapCases } from "./bitmap.ts";
import type { Case, ModuleCase } from "./case.ts";
import { clusterCases } from "./cluster.ts";
import { connectionCases } from "./connection.ts";
import { genericCases } from "./generic.ts";
import { geoCases } from "./geo.ts";
import { hashCases } from "./hash.ts";
import { hyperloglogCases } from "./hyperloglog.ts";
import { listCases } from "./list.ts";
import { bloomCases, jsonCases } from "./modules.ts";
import { pubsubCases } from "./pubsub.ts";
import { scriptingCases } from "./scripting.ts";
import { searchCases } from "./search.ts";
import { serverCases } from "./server.ts";
import { setCases } from "./set.ts";
import { sortedSetCases } from "./sorted-set.ts";
import { streamCases } from "./stream.ts";
import { stringCases } from "./string.ts";
import { timeSeriesCases } from "./time-series.ts";
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

/** Every call of a command of a module, by module. */
export const modules: Readonly<Record<string, readonly ModuleCase[]>> = {
  JSON: jsonCases,
  search: searchCases,
  "time series": timeSeriesCases,
  bloom: bloomCases,
};
