import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Tests import the sources, not `dist`; only scenarios run what was built.
const conditions = ["@redoubt/source", "node", "import", "default"];

/**
 * How often a test is repeated that failed where servers, networks and clocks take part. Under CI a machine that stood still
 * for a moment shall not refuse a change; the reporter marks such a test (`retry x1`), and it is to be looked into.
 */
const retries = ["", "false"].includes(process.env["CI"] ?? "") ? 0 : 1;

/**
 * One kind of test: the folder `test/<name>` of every package, and its time limit in ms. The limits, like that of
 * `expect.poll`, only end what hangs: they are far beyond what a busy machine needs.
 */
const project = (name: string, include: string[], testTimeout: number) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name,
    include,
    testTimeout,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    retry: name === "unit" ? 0 : retries,
    passWithNoTests: false,
  },
});

export default defineConfig({
  test: {
    // On two cores Vitest would take one; but most tests wait for servers most of the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      project("unit", ["{packages/*,bench,drills,tools}/test/unit/**/*.test.ts"], 30_000),
      project("integration", ["{packages/*,drills}/test/integration/**/*.test.ts"], 60_000),
      project(
        "scenario",
        ["{packages/*,drills,tools}/test/scenario/**/*.test.ts", "examples/*/test/**/*.test.ts"],
        120_000,
      ),
    ],
  },
});
