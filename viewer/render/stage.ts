import { autoDetectRenderer, Container, type Renderer } from "pixi.js";
import { followSize, sizeOf } from "./element-size.ts";
import { hasSoftwareGl } from "./software-gl.ts";

/** A Pixi canvas that fills an element, follows its size and draws only when told to. */
export interface Stage {
  readonly renderer: Renderer;
  readonly root: Container;
  /** size in CSS pixels */
  readonly width: number;
  readonly height: number;
  /** Draws now. */
  render(): void;
  destroy(): void;
}

/** What a stage needs to know. */
export interface StageOptions {
  readonly label: string;
  readonly antialias: boolean;
  onResize(width: number, height: number): void;
}

const alive = new Set<Stage>();

/** Draws every stage of the page again, so that its canvas can be read in the same task. */
export function renderAllStages(): void {
  for (const stage of alive) stage.render();
}

/** Adds a canvas to `host`. WebGL where a graphics card draws it, else Pixi's 2D canvas renderer, which is then faster. */
export async function createStage(host: HTMLElement, options: StageOptions): Promise<Stage> {
  const root = new Container();
  const isSoftware = hasSoftwareGl();
  const size = sizeOf(host);
  const { width, height } = size;
  const renderer = await autoDetectRenderer({
    preference: isSoftware ? ["canvas", "webgl"] : ["webgl", "canvas"],
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
    render: () => renderer.render(root),
    destroy: () => {
      alive.delete(stage);
      unfollow();
      root.destroy({ children: true });
      renderer.destroy({ removeView: true });
    },
  };
  alive.add(stage);
  const unfollow = followSize(host, size, (size) => {
    Object.assign(stage, size);
    renderer.resize(size.width, size.height);
    options.onResize(size.width, size.height);
  });
  return stage;
}
