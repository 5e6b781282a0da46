import type { NamedTensor } from "../policy/safetensors.ts";
import { decodeNpy, encodeNpy } from "./npy.ts";
import { readZip, writeZip } from "./zip.ts";

/** Reads a numpy .npz file (`np.savez` or `np.savez_compressed`): its arrays by name. Throws FormatError (`zip`, `npy`). */
export function decodeNpz(bytes: Uint8Array): NamedTensor[] {
  return readZip(bytes).map(({ name, data }) => decodeNpy(name.replace(/\.npy$/, ""), data));
}

/** Writes float arrays as a .npz file that `np.load` reads. Equal arrays give equal bytes. Throws FormatError (`npy`) as `encodeNpy`. */
export function encodeNpz(tensors: readonly NamedTensor<Float32Array | Float64Array>[]): Uint8Array {
  return writeZip(tensors.map(({ name, shape, data }) => ({ name: `${name}.npy`, data: encodeNpy(shape, data) })));
}
