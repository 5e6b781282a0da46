export {
  ConfigError,
  ElegansError,
  EnvError,
  FormatError,
  KernelError,
  type NonFinite,
  NonFiniteError,
} from "./errors.ts";
export type { PolicyRunner, PolicyStep } from "./policy/policy-runner.ts";
export { createPolicyRunner, createPolicyRunnerAsync } from "./policy/create-policy-runner.ts";
export { createPolicyExplainer, createPolicyExplainerAsync } from "./policy/explain/create-policy-explainer.ts";
export type { PolicyExplainer, PolicyMoment } from "./policy/explain/policy-explainer.ts";
export { PolicyConfig } from "./policy/policy-config.ts";
export { PolicySpec } from "./policy/policy-spec.ts";
export { decodePolicy, encodePolicy, type SavedPolicy } from "./policy/saved-policy.ts";
