import type { Env } from "gymnasium-js";

/** FNV-1a, 32 bit, of a world's state without its random streams, as 8 hexadecimal digits. */
export function digestOf(env: Env): string {
  let hash = 0x811c9dc5;
  for (const byte of env.snapshot({ random: false })) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
