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
  testTimeout: 60_000,
  hookTimeout: 60_000,
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
        },
      },
      { resolve: { alias }, test: { ...shared, name: "golden", include: ["test/**/*.golden.test.ts"] } },
      {
        resolve: { alias },
        test: { ...shared, name: "slow", include: ["test/**/*.slow.test.ts"], testTimeout: 300_000 },
      },
      {
        resolve: { alias },
        test: {
          ...shared,
          name: "browser",
          include: ["test/**/*.browser.test.ts"],
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
