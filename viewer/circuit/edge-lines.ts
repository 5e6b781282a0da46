import { Buffer, BufferUsage, Geometry, GlProgram, Mesh, Shader, UniformGroup } from "pixi.js";
import type { Edge, EdgePainter } from "./edge-mesh.ts";

const FLOATS_PER_VERTEX = 4;
/** More lines than this are fainter, so that they do not hide each other. */
const CROWDED_FROM = 1500;

const VERTEX = `#version 300 es
in vec2 aPosition;
in float aPolarity;
in float aWidth;
in vec2 aSignal;
out vec4 vColor;
uniform mat3 uProjectionMatrix;
uniform mat3 uWorldTransformMatrix;
uniform mat3 uTransformMatrix;
uniform vec3 uPositive;
uniform vec3 uNegative;
uniform float uQuiet;
void main() {
  vec3 clip = uProjectionMatrix * uWorldTransformMatrix * uTransformMatrix * vec3(aPosition, 1.0);
  gl_Position = vec4(clip.xy, 0.0, 1.0);
  float alpha = aWidth * aSignal.y * (uQuiet + (1.0 - uQuiet) * aSignal.x);
  vColor = vec4((aPolarity > 0.0 ? uPositive : uNegative) * alpha, alpha);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 vColor;
out vec4 finalColor;
void main() {
  finalColor = vColor;
}`;

/** Thousands of synapses as lines of one pixel, fainter where they would be thinner: where the CPU draws, pixels are what costs. */
export class EdgeLines implements EdgePainter {
  readonly view: Mesh<Geometry, Shader>;
  readonly numEdges: number;
  readonly #signal: Float32Array;
  readonly #signalBuffer: Buffer;
  readonly #uniforms = new UniformGroup({
    uPositive: { value: new Float32Array(3), type: "vec3<f32>" },
    uNegative: { value: new Float32Array(3), type: "vec3<f32>" },
    uQuiet: { value: 0.3, type: "f32" },
  });

  constructor(edges: readonly Edge[]) {
    this.numEdges = edges.length;
    this.#signal = new Float32Array(edges.length * 4);
    this.#signalBuffer = new Buffer({ data: this.#signal, usage: BufferUsage.VERTEX | BufferUsage.COPY_DST });
    const shader = new Shader({
      glProgram: GlProgram.from({ vertex: VERTEX, fragment: FRAGMENT, name: "synapse-lines" }),
      resources: { lineUniforms: this.#uniforms },
    });
    this.view = new Mesh({ geometry: this.#geometry(edges), shader });
  }

  setColors(positive: readonly number[], negative: readonly number[], quiet: number): void {
    const { uniforms } = this.#uniforms;
    uniforms.uPositive = Float32Array.from(positive);
    uniforms.uNegative = Float32Array.from(negative);
    uniforms.uQuiet = quiet;
    this.#uniforms.update();
  }

  /** Always one pixel wide. */
  setZoom(): void {}

  /** A straight line has no points between for waves. */
  setFlow(): void {}

  setSignal(edge: number, activity: number, visibility: number): void {
    const at = edge * 4;
    this.#signal[at] = this.#signal[at + 2] = activity;
    this.#signal[at + 1] = this.#signal[at + 3] = visibility;
  }

  upload(): void {
    this.#signalBuffer.update();
  }

  destroy(): void {
    this.view.geometry.destroy(true);
    this.view.destroy();
  }

  #geometry(edges: readonly Edge[]): Geometry {
    const vertices = new Float32Array(edges.length * 2 * FLOATS_PER_VERTEX);
    const share = Math.min(1, Math.sqrt(CROWDED_FROM / edges.length));
    edges.forEach(({ a, b, polarity, halfWidth }, e) => {
      const width = Math.min(1, 2 * halfWidth) * share;
      vertices.set([a.x, a.y, polarity, width, b.x, b.y, polarity, width], e * 2 * FLOATS_PER_VERTEX);
    });
    const buffer = new Buffer({ data: vertices, usage: BufferUsage.VERTEX });
    const stride = FLOATS_PER_VERTEX * 4;
    return new Geometry({
      topology: "line-list",
      attributes: {
        aPosition: { buffer, format: "float32x2", stride, offset: 0 },
        aPolarity: { buffer, format: "float32", stride, offset: 8 },
        aWidth: { buffer, format: "float32", stride, offset: 12 },
        aSignal: { buffer: this.#signalBuffer, format: "float32x2", stride: 8, offset: 0 },
      },
      indexBuffer: Uint32Array.from({ length: edges.length * 2 }, (_, v) => v),
    });
  }
}
