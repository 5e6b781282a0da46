import type { SavedPolicy } from "../../src/policy/saved-policy.ts";

/** Lets weights be other than they are. */
export const changed = (
  saved: SavedPolicy,
  change: (name: string, data: Float32Array) => Float32Array,
): SavedPolicy => ({
  spec: saved.spec,
  tensors: saved.tensors.map((t) => ({ ...t, data: change(t.name, t.data) })),
});

/** ff1 and ff2 with weights 0 and biases ∓b make next = f(b) (2 s - 1), f being tanh (keras: none), which shows the kernels' gate s. */
export const withBareGates = (saved: SavedPolicy, bias: number): SavedPolicy =>
  changed(saved, (name, data) => {
    const head = /layer_\d\.(ff1|ff2)\.(weight|bias)$/.exec(name);
    return head === null ? data : data.map(() => (head[2] === "weight" ? 0 : head[1] === "ff1" ? -bias : bias));
  });
