import { defineConfig } from "vitest/config";

const source = {
  resolve: { conditions: ["@redoubt/source", "node", "import", "default"] },
  ssr: { resolve: { conditions: ["@redoubt/source", "node", "import", "default"] } },
};

const project = (name: string, include: string[], testTimeout: number) => ({
  ...source,
  test: { name, include, testTimeout, hookTimeout: 60_000, passWithNoTests: false },
});

export default defineConfig({
  test: {
    projects: [
      project("unit", ["packages/*/test/unit/**/*.test.ts", "tools/test/**/*.test.ts"], 10_000),
      project("integration", ["packages/*/test/integration/**/*.test.ts"], 30_000),
      project("scenario", ["packages/*/test/scenario/**/*.test.ts", "examples/*/test/**/*.test.ts"], 60_000),
    ],
  },
});
