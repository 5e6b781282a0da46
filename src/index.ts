export type { PolicyRunner, PolicyStep } from "./policy/policy-runner.ts";
