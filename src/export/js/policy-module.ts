import type { SavedPolicy } from "../../policy/saved-policy.ts";
import { policyGraph } from "../graph/policy-graph.ts";
import { type PolicyParts, createPolicyFrom } from "./policy-runtime.ts";
import { stepMachineBase64 } from "./step-machine.generated.ts";
import { compileStep } from "./step-program.ts";

const PAGE_BYTES = 65536;

/** What the module says about itself. */
export interface ModuleAbout {
  /** of this package */
  readonly version: string;
  /** where the policy comes from, key by key */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * A policy as one ES module that needs nothing else: a small WebAssembly machine, the policy as a program for it, and the code that makes
 * actions. Runs in pages, workers and Node.
 */
export function policyModule(saved: SavedPolicy, { version, metadata }: ModuleAbout): string {
  const { obs, action } = saved.spec;
  const about = { ...metadata, obs, action };
  return `// A policy, exported by elegans ${version}. It needs nothing else: a WebAssembly module and the weights are inside.
//   const policy = await createPolicy();
//   policy.reset();                                            // an episode starts
//   const { action, logits, state } = policy.step(obs);        // the likeliest action
//   policy.step(obs, elapsed, Math.random);                    // time since the last step in control periods; a drawn action

/** What the policy sees and does, and where it comes from. */
export const about = ${JSON.stringify(about, null, 2)};

/** Makes an independent player of the policy: { reset(), step(obs, elapsed = 1, random) }. */
export const createPolicy = () => createPolicyFrom(parts);

${withoutComments(createPolicyFrom.toString())}

const parts = ${JSON.stringify(partsOf(saved))};
`;
}

/** The program and everything that turns its outputs into actions. */
export function partsOf(saved: SavedPolicy): PolicyParts {
  const { inputs, image, memoryBytes, ...program } = compileStep(policyGraph(saved));
  const { action } = saved.spec;
  const logStd = saved.tensors.find(({ name }) => name === "actor.logStd");
  return {
    machine: stepMachineBase64,
    image: base64(image),
    pages: Math.ceil(memoryBytes / PAGE_BYTES),
    ...program,
    ...inputs,
    action: action.kind === "discrete" ? action : { kind: "box", low: action.low, high: action.high },
    logStd: logStd === undefined ? null : Array.from(logStd.data),
  };
}

/** The function is plain statements: whole-line comments can go. */
const withoutComments = (source: string): string => source.replaceAll(/^\s*\/\/.*\n/gm, "");

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
