import type { Cell } from "./cell.ts";
import type { Flavour } from "./cfc-gate.ts";
import { concatRows, sliceColumns } from "./linear.ts";
import { type MemoryOptions, memoryStep } from "./lstm-memory.ts";
import { type ParameterSpec, xavierUniform } from "./weights.ts";

/** How a memory is put in front of a cell. */
export interface MixedMemoryOptions extends MemoryOptions {
  readonly flavour: Flavour;
}

/**
 * A cell with an LSTM memory in front, for dependencies over long times: ncps' `mixed_memory` (after Lechner and Hasani 2020,
 * arXiv:2006.04418). The state is [h | c]: the cell's state and the memory.
 *
 * torch: (h, c) = LSTM(x, h, c), then the cell starts from that h and still sees x.
 * keras: (m, c) = LSTM(x, h, c), then the cell starts from its own h and sees m in place of x.
 */
export function mixedMemoryCell(cell: Cell, options: MixedMemoryOptions): Cell {
  const { flavour, inputSize, units: H } = options;
  const isTorch = flavour === "torch";
  return {
    inputSize,
    stateSize: 2 * H,
    outputSize: cell.outputSize,
    parameters: [...memoryParameters(options), ...cell.parameters],
    prepare: (weights, grads) => {
      const prepared = cell.prepare(weights, grads);
      return {
        finish: () => prepared.finish(),
        step: ({ input, state, elapsed, B, dropout }) => {
          const h = sliceColumns(state, B, 0, H);
          const memory = memoryStep(options, weights, grads, { x: input, h, c: sliceColumns(state, B, H, H) });
          const [cellInput, cellState] = isTorch ? [input, memory.h] : [memory.h, h];
          const step = prepared.step({ input: cellInput, state: cellState, elapsed, B, dropout });
          return {
            output: step.output,
            state: concatRows(step.state, memory.c, B),
            backward: (dOutput, dState) => {
              const dCell = step.backward(dOutput, sliceColumns(dState, B, 0, H));
              const dMemory = memory.backward(isTorch ? dCell.dState : dCell.dInput, sliceColumns(dState, B, H, H));
              const dInput = isTorch ? dMemory.dInput.map((d, k) => d + dCell.dInput[k]!) : dMemory.dInput;
              const dH = isTorch ? dMemory.dH : dMemory.dH.map((d, k) => d + dCell.dState[k]!);
              return { dInput, dState: concatRows(dH, dMemory.dC, B), dElapsed: dCell.dElapsed };
            },
          };
        },
      };
    },
  };
}

/** torch: xavier, U(-0.1, 0.1) and orthogonal; keras: glorot, zeros and orthogonal. */
function memoryParameters({ inputSize, units: H, prefix, flavour }: MixedMemoryOptions): ParameterSpec[] {
  const bias: ParameterSpec["init"] =
    flavour === "torch" ? { kind: "uniform", min: -0.1, max: 0.1 } : { kind: "constant", value: 0 };
  return [
    { name: `${prefix}input_map.weight`, shape: [4 * H, inputSize], init: xavierUniform(inputSize, 4 * H) },
    { name: `${prefix}input_map.bias`, shape: [4 * H], init: bias },
    { name: `${prefix}recurrent_map.weight`, shape: [4 * H, H], init: { kind: "orthogonal" } },
  ];
}
