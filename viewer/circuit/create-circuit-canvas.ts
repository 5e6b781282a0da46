import { hasSoftwareGl } from "../render/software-gl.ts";
import type { CircuitCanvas } from "./circuit-canvas.ts";

/** Fills `host`: by the graphics card as meshes where there is one, else pixel by pixel. */
export async function createCircuitCanvas(
  host: HTMLElement,
  onResize: (width: number, height: number) => void,
): Promise<CircuitCanvas> {
  if (hasSoftwareGl()) return new (await import("./pixel-canvas.ts")).PixelCanvas(host, onResize);
  return (await import("./mesh-canvas.ts")).createMeshCanvas(host, onResize);
}
