import { createStage, type Stage } from "../render/stage.ts";
import type { Camera } from "./camera.ts";
import type { CircuitCanvas, CircuitColors, Disc, Edge } from "./circuit-canvas.ts";
import { EdgeMesh } from "./edge-mesh.ts";
import { NeuronMesh } from "./neuron-mesh.ts";

/** Fills `host` with two WebGL canvases: synapses behind neurons. */
export async function createMeshCanvas(
  host: HTMLElement,
  onResize: (width: number, height: number) => void,
): Promise<CircuitCanvas> {
  const stageOf = (label: string): Promise<Stage> => createStage(host, { label, antialias: false, onResize });
  const back = await stageOf("Synapses of the circuit");
  return new MeshCanvas(back, await stageOf("Neurons of the circuit"));
}

/** A circuit as two meshes, each on a canvas of its own. */
class MeshCanvas implements CircuitCanvas {
  readonly #back: Stage;
  readonly #front: Stage;
  #edges = new EdgeMesh([], 1);
  #neurons = new NeuronMesh([]);

  constructor(back: Stage, front: Stage) {
    this.#back = back;
    this.#front = front;
  }

  get width(): number {
    return this.#front.width;
  }
  get height(): number {
    return this.#front.height;
  }

  load(edges: readonly Edge[], discs: readonly Disc[], neuronRadius: number): void {
    this.#destroyMeshes();
    this.#edges = new EdgeMesh(edges, neuronRadius);
    this.#neurons = new NeuronMesh(discs);
    this.#back.root.addChild(this.#edges.view);
    this.#front.root.addChild(this.#neurons.view);
  }

  setColors(colors: CircuitColors): void {
    this.#edges.setColors(colors);
    this.#neurons.setColors(colors);
  }

  setCamera({ x, y, zoom }: Camera): void {
    for (const { root } of [this.#back, this.#front]) {
      root.position.set(x, y);
      root.scale.set(zoom);
    }
    this.#edges.setZoom(zoom);
    this.#neurons.setZoom(zoom);
  }

  setFlow(phase: number | null): void {
    this.#edges.setFlow(phase);
  }

  setEdge(edge: number, activity: number, visibility: number): void {
    this.#edges.setSignal(edge, activity, visibility);
  }

  setNeuron(neuron: number, activation: number, visibility: number): void {
    this.#neurons.setSignal(neuron, activation, visibility);
  }

  draw(): void {
    this.#edges.upload();
    this.#neurons.upload();
    this.#back.render();
    this.#front.render();
  }

  drawOn(): boolean {
    this.draw();
    return true;
  }

  destroy(): void {
    this.#destroyMeshes();
    this.#back.destroy();
    this.#front.destroy();
  }

  #destroyMeshes(): void {
    this.#edges.destroy();
    this.#neurons.destroy();
  }
}
