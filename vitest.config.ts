import { defineConfig } from "vitest/config";

// Tests import the sources, not `dist`; only scenarios run what was built.
const conditions = ["@redoubt/source", "node", "import", "default"];

/** One kind of test: the folder `test/<name>` of every package, and its time limit in ms. */
const project = (name: string, include: string[], testTimeout: number) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { name, include, testTimeout, hookTimeout: 60_000, passWithNoTests: false },
});

export default defineConfig({
  test: {
    projects: [
      project("unit", ["{packages/*,drills,tools}/test/unit/**/*.test.ts"], 10_000),
      project("integration", ["{packages/*,drills}/test/integration/**/*.test.ts"], 30_000),
      project(
        "scenario",
        ["{packages/*,drills,tools}/test/scenario/**/*.test.ts", "examples/*/test/**/*.test.ts"],
        60_000,
      ),
    ],
  },
});
