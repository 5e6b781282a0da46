import { saveFile } from "../export/save-file.ts";
import type { Episode } from "../episode/episode.ts";

/** The numbers of an episode as comma-separated values, one line per step, with a header. */
export function toCsv(episode: Episode): string {
  const { shape, circuit, columns, length } = episode;
  const names = (prefix: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${prefix}_${i}`);
  const header = [
    "step",
    "reward",
    "value",
    "elapsed",
    ...names("action", shape.actionSize),
    ...names("motor", shape.numMotor),
    ...names("logit", shape.numMotor),
    ...names("obs", shape.numObs),
    ...Array.from({ length: shape.numNeurons }, (_, id) =>
      (circuit?.neurons.find((n) => n.id === id)?.label ?? `neuron ${id}`).replaceAll(/[^\w]+/g, "_"),
    ),
  ];
  const row = (data: Float32Array, n: number, t: number): string[] =>
    Array.from(data.subarray(t * n, (t + 1) * n), (v) => (Number.isNaN(v) ? "" : String(v)));
  const lines = Array.from({ length }, (_, t) =>
    [
      String(t),
      ...row(columns.reward, 1, t),
      ...row(columns.value, 1, t),
      ...row(columns.elapsed, 1, t),
      ...row(columns.action, shape.actionSize, t),
      ...row(columns.motor, shape.numMotor, t),
      ...row(columns.logits, shape.numMotor, t),
      ...row(columns.obs, shape.numObs, t),
      ...row(columns.state, shape.numNeurons, t),
    ].join(","),
  );
  return [header.join(","), ...lines, ""].join("\n");
}

/** Offers an episode as a file. */
export function downloadCsv(episode: Episode): void {
  saveFile(new Blob([toCsv(episode)], { type: "text/csv" }), `${episode.envId}-${episode.title}.csv`);
}
