export { decodeNpy, encodeNpy } from "./npy.ts";
export { decodeNpz, encodeNpz } from "./npz.ts";
export { type ZipEntry, readZip, writeZip } from "./zip.ts";
