import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const alias = [
  { find: /^gymnasium-js$/, replacement: here("./envs/index.ts") },
  { find: /^gymnasium-js\/node$/, replacement: here("./envs/node.ts") },
];
const shared = {
  environment: "node",
  maxWorkers: 2,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  passWithNoTests: false,
} as const;

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          ...shared,
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.{golden,browser,slow}.test.ts"],
          isolate: false, // modules are read once per process, not once per file: that is a third of the time
        },
      },
      // Comparisons of pure functions with files: nothing that one of them could leave behind for the next.
      {
        resolve: { alias },
        test: { ...shared, name: "golden", include: ["test/**/*.golden.test.ts"], isolate: false },
      },
      {
        resolve: { alias },
        test: { ...shared, name: "slow", include: ["test/**/*.slow.test.ts"], testTimeout: 600_000 },
      },
      {
        resolve: { alias },
        test: {
          ...shared,
          name: "browser",
          include: ["test/**/*.browser.test.ts"],
          expect: { poll: { timeout: 30_000 } }, // a page drawn by one slow core comes to everything, but not in a second
        },
      },
    ],
  },
});
