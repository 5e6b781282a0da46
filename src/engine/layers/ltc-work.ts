import type { MemoryPlan } from "../memory-plan.ts";
import { padded, type Tensor } from "../tensor.ts";

/** Buffers that one step uses and the next one uses again. */
export interface LtcWork {
  readonly previous: Tensor;
  readonly ones: Tensor;
  readonly zeros: Tensor;
  readonly rate: Tensor;
  readonly dRate: Tensor;
  readonly top: Tensor;
  readonly dTop: Tensor;
  readonly dBottom: Tensor;
  readonly dSensoryTop: Tensor;
  readonly dSensoryBottom: Tensor;
  readonly dNext: Tensor;
  readonly dv: Tensor;
  readonly dInputs: Tensor;
  readonly dMapped: Tensor;
}

/** Reserves the buffers of one step of `maxBatch` samples, N neurons and S sensors. */
export function makeWork(plan: MemoryPlan, name: string, maxBatch: number, N: number, S: number): LtcWork {
  const Bp = padded(maxBatch);
  const lanes = (what: string, n = N): Tensor => plan.tensor(`${name} ${what}`, 1, n * Bp);
  return {
    previous: plan.tensor(`${name} previous`, maxBatch, N),
    ones: plan.tensor(`${name} ones`, 1, N),
    zeros: plan.tensor(`${name} zeros`, 1, N),
    rate: lanes("rate", 1),
    dRate: lanes("d rate", 1),
    top: lanes("top"),
    dTop: lanes("d top"),
    dBottom: lanes("d bottom"),
    dSensoryTop: lanes("d sensory top"),
    dSensoryBottom: lanes("d sensory bottom"),
    dNext: lanes("d next"),
    dv: lanes("d v"),
    dInputs: lanes("d inputs", S),
    dMapped: plan.tensor(`${name} d mapped`, maxBatch, S),
  };
}
