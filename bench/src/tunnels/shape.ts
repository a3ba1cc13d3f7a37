/** What the load does: GET of one value, over and over. */
export interface LoadShape {
  readonly name: string;
  readonly clients: number;
  /** Commands in flight on each connection. */
  readonly depth: number;
  /** Size of the value, bytes. */
  readonly bytes: number;
  /** Whether `--quick` measures it. */
  readonly quick: boolean;
  /** Throughput that is aimed at, as a ratio to the best of the others; null: none. */
  readonly goal: number | null;
}

const small = 16;
const large = 64 * 1024;

/** In the order in which they are measured. */
export const loadShapes: readonly LoadShape[] = [
  { name: "1 client", clients: 1, depth: 1, bytes: small, quick: true, goal: 0.9 },
  { name: "1 client, 16 deep", clients: 1, depth: 16, bytes: small, quick: false, goal: null },
  { name: "50 clients", clients: 50, depth: 1, bytes: small, quick: true, goal: 1.5 },
  { name: "50 clients, 16 deep", clients: 50, depth: 16, bytes: small, quick: true, goal: 1.2 },
  { name: "500 clients", clients: 500, depth: 1, bytes: small, quick: true, goal: 1.9 },
  { name: "500 clients, 16 deep", clients: 500, depth: 16, bytes: small, quick: false, goal: null },
  { name: "1 client, 64 KiB", clients: 1, depth: 1, bytes: large, quick: false, goal: null },
  { name: "50 clients, 64 KiB", clients: 50, depth: 1, bytes: large, quick: true, goal: 0.9 },
  { name: "50 clients, 16 deep, 64 KiB", clients: 50, depth: 16, bytes: large, quick: false, goal: null },
  { name: "500 clients, 64 KiB", clients: 500, depth: 1, bytes: large, quick: false, goal: null },
];

/** The key that redis-benchmark reads. */
export const benchmarkKey = "key:__rand_int__";
