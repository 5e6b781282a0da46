/** A weight of a keras-flavoured model: its keras name, and whether its matrix lies transposed, (in, out). */
export interface KerasWeight {
  readonly name: string;
  readonly transposed: boolean;
}

/**
 * The keras name of a parameter. `hasMemory` says whether the model has a mixed memory, which puts the cell's names
 * under "rnn_cell.". LTC parameters have the same names and layout in both flavours.
 */
export function kerasWeight(name: string, hasMemory: boolean): KerasWeight {
  const memory = memoryNames[name];
  if (memory !== undefined) return memory;
  const [, layer, inner] = /^rnn_cell\.(?:layer_(\d+)\.)?(.+)$/.exec(name) ?? [null, undefined, name];
  const path = `${hasMemory ? "rnn_cell." : ""}${layer === undefined ? "" : `_cfc_layers.${layer}.`}`;
  const { name: short, transposed } = innerName(inner!);
  return { name: path + short, transposed };
}

const memoryNames: Readonly<Record<string, KerasWeight>> = {
  "lstm.input_map.weight": { name: "input_kernel", transposed: true },
  "lstm.input_map.bias": { name: "bias", transposed: false },
  "lstm.recurrent_map.weight": { name: "recurrent_kernel", transposed: true },
};

function innerName(name: string): KerasWeight {
  const transposed = name.endsWith(".weight");
  const head = /^(ff[12])\.(weight|bias)$/.exec(name);
  if (head !== null) return { name: `${head[1]}_${head[2]}`, transposed };
  return { name: name.replace(/^backbone\./, "backbone_fn.layers.").replace(/\.weight$/, ".kernel"), transposed };
}

/** A [rows, columns] matrix as [columns, rows]. */
export function transpose(data: Float64Array, rows: number, columns: number): Float64Array {
  return data.map((_, k) => data[(k % rows) * columns + Math.floor(k / rows)]!);
}
