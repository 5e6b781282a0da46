import { Buffer, BufferUsage, Geometry, GlProgram, Mesh, Shader, UniformGroup } from "pixi.js";
import { FLOW_DEPTH, segmentsOf, WAVELENGTH_PX, type CircuitColors, type Edge } from "./circuit-canvas.ts";
import { curveLength, curvePoint, edgeCurve } from "./edge-path.ts";

const FLOATS_PER_VERTEX = 8;

const VERTEX = `#version 300 es
in vec2 aPosition;
in vec2 aNormal;
in float aAcross;
in float aHalfWidth;
in float aPolarity;
in float aAlong;
in vec2 aSignal;
out vec4 vColor;
out vec2 vDistance;
uniform mat3 uProjectionMatrix;
uniform mat3 uWorldTransformMatrix;
uniform mat3 uTransformMatrix;
uniform float uZoom;
uniform vec3 uPositive;
uniform vec3 uNegative;
uniform float uQuiet;
uniform vec2 uFlow;
void main() {
  float half_ = max(0.35, aHalfWidth) + 0.4 * aSignal.x;
  float reach = half_ + 0.5;
  vec2 position = aPosition + aNormal * aAcross * reach / uZoom;
  vec3 clip = uProjectionMatrix * uWorldTransformMatrix * uTransformMatrix * vec3(position, 1.0);
  gl_Position = vec4(clip.xy, 0.0, 1.0);
  vDistance = vec2(aAcross * reach, reach);
  float wave = 0.5 + 0.5 * cos(6.2831853 * (aAlong - uFlow.x));
  float lit = aSignal.x * (1.0 - uFlow.y * (1.0 - wave * wave));
  float alpha = aSignal.y * (uQuiet + (1.0 - uQuiet) * lit);
  vColor = vec4((aPolarity > 0.0 ? uPositive : uNegative) * alpha, alpha);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 vColor;
in vec2 vDistance;
out vec4 finalColor;
void main() {
  finalColor = vColor * clamp(vDistance.y - abs(vDistance.x), 0.0, 1.0);
}`;

/**
 * All synapses in one mesh: a static buffer with the curves and a small one that is written again when activity changes. One draw call
 * whatever their number.
 */
export class EdgeMesh {
  readonly view: Mesh<Geometry, Shader>;
  readonly #verticesPerEdge: number;
  readonly #signal: Float32Array;
  readonly #signalBuffer: Buffer;
  readonly #uniforms: UniformGroup;

  constructor(edges: readonly Edge[], neuronRadius: number) {
    const segments = segmentsOf(edges.length);
    this.#verticesPerEdge = (segments + 1) * 2;
    this.#signal = new Float32Array(Math.max(1, edges.length * this.#verticesPerEdge * 2)).fill(0);
    this.#signalBuffer = new Buffer({ data: this.#signal, usage: BufferUsage.VERTEX | BufferUsage.COPY_DST });
    this.#uniforms = new UniformGroup({
      uPositive: { value: new Float32Array(3), type: "vec3<f32>" },
      uNegative: { value: new Float32Array(3), type: "vec3<f32>" },
      uZoom: { value: 1, type: "f32" },
      uQuiet: { value: 0.3, type: "f32" },
      uFlow: { value: new Float32Array(2), type: "vec2<f32>" },
    });
    const shader = new Shader({
      glProgram: GlProgram.from({ vertex: VERTEX, fragment: FRAGMENT, name: "synapses" }),
      resources: { edgeUniforms: this.#uniforms },
    });
    this.view = new Mesh({ geometry: this.#geometry(edges, segments, neuronRadius), shader });
  }

  setColors({ positive, negative, quiet }: CircuitColors): void {
    this.#uniforms.uniforms["uPositive"] = Float32Array.from(positive);
    this.#uniforms.uniforms["uNegative"] = Float32Array.from(negative);
    this.#uniforms.uniforms["uQuiet"] = quiet;
    this.#uniforms.update();
  }

  /** Widths stay the same on screen. */
  setZoom(zoom: number): void {
    this.#uniforms.uniforms["uZoom"] = zoom;
    this.#uniforms.update();
  }

  /** Where the waves that run along active edges are, in wavelengths; null for none. */
  setFlow(phase: number | null): void {
    const isShown = phase !== null && this.#verticesPerEdge > 4; // a straight edge has no points between for a wave
    this.#uniforms.uniforms["uFlow"] = Float32Array.of((phase ?? 0) % 1, isShown ? FLOW_DEPTH : 0);
    this.#uniforms.update();
  }

  /** How much an edge carries and how visible it is, both in [0, 1]. Takes effect with `upload`. */
  setSignal(edge: number, activity: number, visibility: number): void {
    const start = edge * this.#verticesPerEdge * 2;
    const end = start + this.#verticesPerEdge * 2;
    for (let i = start; i < end; i += 2) {
      this.#signal[i] = activity;
      this.#signal[i + 1] = visibility;
    }
  }

  upload(): void {
    this.#signalBuffer.update();
  }

  destroy(): void {
    this.view.geometry.destroy(true);
    this.view.destroy();
  }

  #geometry(edges: readonly Edge[], segments: number, radius: number): Geometry {
    const vertices = new Float32Array(Math.max(1, edges.length) * this.#verticesPerEdge * FLOATS_PER_VERTEX);
    const indices = new Uint32Array(Math.max(1, edges.length) * segments * 6);
    edges.forEach((edge, e) => {
      const first = e * this.#verticesPerEdge;
      writeStrip(vertices, first * FLOATS_PER_VERTEX, edge, segments, radius);
      for (let s = 0; s < segments; s++) {
        const v = first + s * 2;
        indices.set([v, v + 1, v + 2, v + 1, v + 3, v + 2], (e * segments + s) * 6);
      }
    });
    const buffer = new Buffer({ data: vertices, usage: BufferUsage.VERTEX });
    const stride = FLOATS_PER_VERTEX * 4;
    return new Geometry({
      attributes: {
        aPosition: { buffer, format: "float32x2", stride, offset: 0 },
        aNormal: { buffer, format: "float32x2", stride, offset: 8 },
        aAcross: { buffer, format: "float32", stride, offset: 16 },
        aHalfWidth: { buffer, format: "float32", stride, offset: 20 },
        aPolarity: { buffer, format: "float32", stride, offset: 24 },
        aAlong: { buffer, format: "float32", stride, offset: 28 },
        aSignal: { buffer: this.#signalBuffer, format: "float32x2", stride: 8, offset: 0 },
      },
      indexBuffer: indices,
    });
  }
}

/** Two vertices per point of the curve, one on each side. */
function writeStrip(out: Float32Array, start: number, edge: Edge, segments: number, radius: number): void {
  const curve = edgeCurve(edge.a, edge.b, radius);
  const waves = curveLength(curve) / WAVELENGTH_PX;
  let o = start;
  for (let s = 0; s <= segments; s++) {
    const t = s / segments;
    const point = curvePoint(curve, t);
    const before = curvePoint(curve, Math.max(0, t - 0.01));
    const after = curvePoint(curve, Math.min(1, t + 0.01));
    const length = Math.hypot(after.x - before.x, after.y - before.y) || 1;
    const normal = { x: -(after.y - before.y) / length, y: (after.x - before.x) / length };
    for (const side of [-1, 1]) {
      out.set([point.x, point.y, normal.x, normal.y, side, edge.halfWidth, edge.polarity, t * waves], o);
      o += FLOATS_PER_VERTEX;
    }
  }
}
