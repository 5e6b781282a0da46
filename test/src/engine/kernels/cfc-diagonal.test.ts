import { expect, test } from "vitest";
import { type MemoryPlan, padded } from "../../../../src/engine/index.ts";
import { packedLength } from "../../../../src/engine/kernels/kernels.ts";
import { engineWith, fill, maxDifference, randomArray, uniforms } from "../fixtures.ts";

const T = 5;
const B = 3;
const rows = T * B;

/** What one pass works on. */
const setUp = (H: number) => (plan: MemoryPlan) => ({
  gates: plan.tensor("gates", rows, 4 * padded(H)),
  states: plan.tensor("states", rows, H),
  previous: plan.tensor("previous", rows, H),
  initial: plan.tensor("initial", B, H),
  dStates: plan.tensor("d states", rows, H),
  dState: plan.tensor("d state", B, H),
  elapsed: plan.tensor("elapsed", 1, rows),
  dElapsed: plan.tensor("d elapsed", 1, rows),
  starts: plan.bytes("starts", rows),
  weights: plan.tensor("weights", H, 4 * padded(H)),
  dWeights: plan.tensor("d weights", H, 4 * padded(H)),
  packed: plan.tensor("packed", 1, packedLength(H, 4 * padded(H))),
  packedT: plan.tensor("packed T", 1, packedLength(4 * padded(H), H)),
  diagonal: plan.tensor("diagonal", 1, 4 * padded(H)),
  dDiagonal: plan.tensor("d diagonal", 1, 4 * padded(H)),
});

/** A pass forward and backward with the recurrent matrix as it is, or as its diagonals; all that comes out. */
function run(H: number, flags: number, isDiagonal: boolean): Record<string, Float32Array> {
  const { plan, tensors: t } = engineWith(setUp(H));
  const k = plan.kernels;
  const Hp = padded(H);
  const real = (block: Float32Array): Float32Array => block.map((x, i) => (i % Hp < H ? x : 0));
  t.gates.data.set(real(randomArray(rows * 4 * Hp, 1)));
  for (const [seed, name] of (["initial", "dStates", "dState"] as const).entries())
    fill(t[name], randomArray(t[name].rows * H, 2 + seed));
  t.elapsed.data.set(randomArray(rows, 5).map((x) => x + 1.5));
  const uniform = uniforms(6);
  for (let i = 0; i < rows; i++) t.starts.data[i] = uniform() < 0.3 ? 1 : 0;
  const own = randomArray(4 * Hp, 7);
  t.diagonal.data.set(real(own));
  for (let j = 0; j < 4 * Hp; j++) if (j % Hp < H) t.weights.data[(j % Hp) * 4 * Hp + j] = own[j]!;
  k.packColumns(t.weights.ptr, 4 * Hp, H, 4 * Hp, t.packed.ptr);
  k.packRows(t.weights.ptr, 4 * Hp, 4 * Hp, H, t.packedT.ptr);

  const [forward, backward] = isDiagonal
    ? [k.cfcDiagonalForward, k.cfcDiagonalBackward]
    : [k.cfcForward, k.cfcBackward];
  const [matrix, transposed] = isDiagonal ? [t.diagonal.ptr, t.diagonal.ptr] : [t.packed.ptr, t.packedT.ptr];
  const { gates, states, previous, initial, elapsed, starts, dStates, dState, dElapsed } = t;
  forward(gates.ptr, states.ptr, previous.ptr, initial.ptr, matrix, elapsed.ptr, starts.ptr, T, B, H, flags);
  const heads = gates.data.slice();
  backward(gates.ptr, dStates.ptr, dState.ptr, transposed, elapsed.ptr, dElapsed.ptr, starts.ptr, T, B, H, flags);
  if (isDiagonal) k.addDiagonalGradient(previous.ptr, gates.ptr, t.dDiagonal.ptr, rows, Hp);
  else {
    k.gemmTransposed(previous.ptr, Hp, gates.ptr, 4 * Hp, t.dWeights.ptr, 4 * Hp, H, 4 * Hp, rows);
    for (let j = 0; j < 4 * Hp; j++) if (j % Hp < H) t.dDiagonal.data[j] = t.dWeights.data[(j % Hp) * 4 * Hp + j]!;
  }
  const out = { heads, states, previous, dGates: gates, dState, dElapsed, dDiagonal: t.dDiagonal };
  return Object.fromEntries(
    Object.entries(out).map(([name, part]) => [name, part instanceof Float32Array ? part : part.data.slice()]),
  );
}

test("cfcDiagonalForward, Backward and addDiagonalGradient: a matrix that is zero beside its diagonals gives the same bits", () => {
  for (const H of [1, 3, 4, 5, 18])
    for (const flags of [0, 1, 2, 3]) {
      const [expected, found] = [run(H, flags, false), run(H, flags, true)];
      for (const [name, values] of Object.entries(found))
        expect(maxDifference(values, expected[name]!), `${name}, H=${H}, flags=${flags}`).toBe(0);
      expect(found["states"]!.some((x) => x !== 0)).toBe(true);
    }
});
