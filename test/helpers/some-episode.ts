import type { Column, EpisodeTable } from "../../src/recording/column.ts";

/** An episode of T steps that uses every kind of column. */
export function someEpisode(T: number): EpisodeTable {
  const R = T + 1;
  const numbers = (shape: readonly number[], scale: number): Column => {
    const size = shape.reduce((a, b) => a * b, 1);
    return {
      kind: "numbers",
      type: "float32",
      shape,
      data: Float32Array.from({ length: R * size }, (_, i) => i * scale),
    };
  };
  return {
    numSteps: T,
    columns: new Map<string, Column>([
      ["observations", numbers([4], 0.5)],
      [
        "actions",
        { kind: "numbers", type: "int64", shape: [], data: BigInt64Array.from({ length: R }, (_, i) => BigInt(i)) },
      ],
      ["rewards", { kind: "numbers", type: "float64", shape: [], data: new Float64Array(R).fill(1) }],
      ["terminations", { kind: "flags", data: Uint8Array.from({ length: R }, (_, i) => (i === T - 1 ? 1 : 0)) }],
      ["truncations", { kind: "flags", data: new Uint8Array(R) }],
      [
        "infos",
        {
          kind: "group",
          columns: new Map<string, Column>([
            ["elapsedTime", numbers([], 1)],
            [
              "snapshot",
              {
                kind: "bytes",
                values: Array.from({ length: R }, (_, i) => (i % 3 === 2 ? null : Uint8Array.of(i, 0, 255))),
              },
            ],
            ["policy", { kind: "group", columns: new Map([["state", numbers([2, 3], -1)]]) }],
          ]),
        },
      ],
    ]),
  };
}
