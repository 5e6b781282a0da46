import { autoDetectRenderer, Container, RendererType, type Renderer } from "pixi.js";

/** A Pixi canvas that fills an element, follows its size and draws only when told to. */
export interface Stage {
  readonly renderer: Renderer;
  readonly root: Container;
  /** size in CSS pixels */
  readonly width: number;
  readonly height: number;
  /** whether the picture is made by the CPU */
  readonly isSoftware: boolean;
  /** whether meshes can be drawn: not by the 2D canvas renderer */
  readonly hasMeshes: boolean;
  /** Draws now. */
  render(): void;
  destroy(): void;
}

/** What a stage needs to know. */
export interface StageOptions {
  readonly label: string;
  readonly antialias: boolean;
  /** what draws where the CPU would have to stand in for a graphics card: few large shapes are faster as plain 2D, many small ones as meshes */
  readonly inSoftware: "webgl" | "canvas";
  onResize(width: number, height: number): void;
}

const alive = new Set<Stage>();

/** Draws every stage of the page again, so that its canvas can be read in the same task. */
export function renderAllStages(): void {
  for (const stage of alive) stage.render();
}

/** Adds a canvas to `host`. WebGL where there is any, else Pixi's 2D canvas renderer. */
export async function createStage(host: HTMLElement, options: StageOptions): Promise<Stage> {
  const root = new Container();
  const isSoftware = hasSoftwareGl();
  const { width, height } = sizeOf(host);
  const renderer = await autoDetectRenderer({
    preference: isSoftware && options.inSoftware === "canvas" ? ["canvas", "webgl"] : ["webgl", "canvas"],
    width,
    height,
    antialias: options.antialias,
    autoDensity: true,
    resolution: isSoftware ? 1 : Math.min(2, devicePixelRatio),
    backgroundAlpha: 0,
  });
  const { canvas } = renderer;
  if (canvas instanceof HTMLCanvasElement) {
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", options.label);
    host.append(canvas);
  }
  const stage: Stage = {
    renderer,
    root,
    width,
    height,
    isSoftware,
    hasMeshes: renderer.type === RendererType.WEBGL,
    render: () => renderer.render(root),
    destroy: () => {
      alive.delete(stage);
      observer.disconnect();
      root.destroy({ children: true });
      renderer.destroy({ removeView: true });
    },
  };
  alive.add(stage);
  const observer = new ResizeObserver(() => {
    const size = sizeOf(host);
    Object.assign(stage, size);
    renderer.resize(size.width, size.height);
    options.onResize(size.width, size.height);
  });
  observer.observe(host);
  return stage;
}

function sizeOf(host: HTMLElement): { readonly width: number; readonly height: number } {
  return { width: Math.max(1, host.clientWidth), height: Math.max(1, host.clientHeight) };
}

let softwareGl: boolean | null = null;

/** Asks a throw-away WebGL context who draws; remembered. */
export function hasSoftwareGl(): boolean {
  softwareGl ??= detectSoftwareGl();
  return softwareGl;
}

function detectSoftwareGl(): boolean {
  const gl = document.createElement("canvas").getContext("webgl2");
  if (gl === null) return true;
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = info === null ? "" : String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|software/i.test(name);
}
