import type { Episode } from "../episode/episode.ts";

/** How a neuron goes together with something else over an episode. */
export interface Correlation {
  readonly name: string;
  /** Pearson's r in [-1, 1]; 0 where one of the two never changes */
  readonly r: number;
}

/** Pearson's r of two columns of numbers, element t of `offset` among `stride`, over T steps. */
export function pearson(
  a: readonly [Float32Array, number, number],
  b: readonly [Float32Array, number, number],
  T: number,
): number {
  const at = ([values, stride, offset]: typeof a, t: number): number => values[t * stride + offset] ?? 0;
  let [sa, sb] = [0, 0];
  for (let t = 0; t < T; t++) [sa, sb] = [sa + at(a, t), sb + at(b, t)];
  const [ma, mb] = [sa / T, sb / T];
  let [aa, bb, ab] = [0, 0, 0];
  for (let t = 0; t < T; t++) {
    const [da, db] = [at(a, t) - ma, at(b, t) - mb];
    [aa, bb, ab] = [aa + da * da, bb + db * db, ab + da * db];
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

/** Correlations of a neuron with every observation number and every motor neuron but itself, strongest first. Sensory neuron s is -1 - s. */
export function correlationsOf(episode: Episode, id: number): Correlation[] {
  const { columns, shape, circuit, length } = episode;
  const self =
    id < 0 ? ([columns.obs, shape.numObs, -1 - id] as const) : ([columns.state, shape.numNeurons, id] as const);
  const obsName = (d: number): string =>
    (circuit?.numInputs === shape.numObs ? circuit.sensory[d] : undefined) ?? `obs ${d}`;
  const found: Correlation[] = [];
  for (let d = 0; d < shape.numObs; d++)
    if (-1 - d !== id) found.push({ name: obsName(d), r: pearson(self, [columns.obs, shape.numObs, d], length) });
  for (let m = 0; m < shape.numMotor; m++)
    if (m !== id)
      found.push({
        name: circuit?.neurons.find((n) => n.id === m)?.label ?? `motor ${m}`,
        r: pearson(self, [columns.motor, shape.numMotor, m], length),
      });
  return found.toSorted((a, b) => Math.abs(b.r) - Math.abs(a.r));
}
