/** Brightness 0..255 of a colour with components 0..255: the ITU-R BT.601 luma, which Atari preprocessing uses as well. */
export function grey(r: number, g: number, b: number): number {
  return Math.round((299 * r + 587 * g + 114 * b) / 1000);
}
