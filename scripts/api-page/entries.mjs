// What the API page is about, entry point by entry point: name, file, one sentence.
export const entries = [
  [
    "elegans",
    "src/index.ts",
    "Policies that were trained: read them, run them, ask what they look at ([policies](policies.md)). The errors of all entry points",
  ],
  [
    "elegans/ncp",
    "src/ncp/index.ts",
    "Circuits and recurrent models in plain TypeScript: wirings, CfC, LTC, gradients, Adam, drawings, files ([circuits](ncp.md)). Codes of its ConfigErrors begin with `ncp-`",
  ],
  [
    "elegans/agents",
    "agents/index.ts",
    "What learns and acts: PPO, behaviour cloning, DAgger, scripted experts, presets, labelled sequences ([PPO](ppo.md), [cloning](cloning.md))",
  ],
  ["elegans/tfjs", "src/tfjs/index.ts", "The circuits as TensorFlow.js layers (needs the package `@tensorflow/tfjs`)"],
  ["elegans/interop", "src/interop/index.ts", "numpy's and ZIP files. For Node"],
  [
    "gymnasium-js",
    "envs/index.ts",
    "Worlds, spaces, wrappers, vector environments, numpy's random streams, pictures ([overview](../envs/README.md)). Names are Gymnasium's, in camelCase; its `wrappers.vector` have `Vector` in front",
  ],
  ["gymnasium-js/node", "envs/node.ts", "What needs Node: environments in worker threads, compression"],
];
export const intro = `# API

Made from the doc comments by \`npm run docs\`; do not edit.

- Shapes stand in brackets, row-major: \`[B, T, D]\` is a batch of B sequences of T steps with D numbers each. Numbers travel in flat typed
  arrays. Units of physical numbers stand in brackets as well: [m], [rad], [s].
- Elapsed time is counted in nominal control periods: 1 is one regular step of the world.
- \`elegans\` throws ConfigError (ask differently), EnvError (a world misbehaved), FormatError (a file is damaged or foreign), KernelError (the
  engine cannot) and its subclass NonFiniteError (a number became NaN or infinite): tell them by \`instanceof\`, the classes being exports of
  [\`elegans\`](#elegans) and the same in all its entry points, and by the stable \`error.code\`. \`gymnasium-js\` throws Gymnasium's own errors
  and is listed with them.
- Settings of training (\`PolicyConfig\`, \`PpoConfig\`, …) are in [settings](settings.md).
`;
