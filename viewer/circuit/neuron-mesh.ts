import { Buffer, BufferUsage, Geometry, GlProgram, Mesh, Shader, UniformGroup } from "pixi.js";
import { GLOW, type CircuitColors, type Disc } from "./circuit-canvas.ts";

const FLOATS_PER_VERTEX = 5;
const CORNERS = [-1, -1, 1, -1, -1, 1, 1, 1] as const;

const VERTEX = `#version 300 es
in vec2 aCenter;
in vec2 aCorner;
in float aRadius;
in vec2 aSignal;
out vec2 vOffset;
out float vRadius;
out vec2 vSignal;
uniform mat3 uProjectionMatrix;
uniform mat3 uWorldTransformMatrix;
uniform mat3 uTransformMatrix;
uniform float uZoom;
void main() {
  float grown = aRadius * sqrt(uZoom);
  vOffset = aCorner * grown * ${GLOW.toFixed(1)};
  vec2 position = aCenter + vOffset / uZoom;
  vec3 clip = uProjectionMatrix * uWorldTransformMatrix * uTransformMatrix * vec3(position, 1.0);
  gl_Position = vec4(clip.xy, 0.0, 1.0);
  vRadius = grown;
  vSignal = aSignal;
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec2 vOffset;
in float vRadius;
in vec2 vSignal;
out vec4 finalColor;
uniform vec3 uPositive;
uniform vec3 uNegative;
uniform vec3 uNeutral;
uniform vec3 uPaper;
void main() {
  float d = length(vOffset);
  float strength = min(1.0, abs(vSignal.x));
  vec3 hue = vSignal.x >= 0.0 ? uPositive : uNegative;
  vec3 fill = mix(uNeutral, hue, strength);
  float inside = clamp(vRadius - d + 0.5, 0.0, 1.0);
  float rim = clamp(vRadius + 1.5 - d + 0.5, 0.0, 1.0);
  float fade = clamp((vRadius * ${GLOW.toFixed(1)} - d) / (vRadius * ${(GLOW - 1).toFixed(1)}), 0.0, 1.0);
  float glow = 0.4 * strength * strength * fade * fade;
  vec4 color = vec4(hue * glow, glow);
  color = mix(color, vec4(uPaper, 1.0), rim);
  color = mix(color, vec4(fill, 1.0), inside);
  finalColor = color * vSignal.y;
}`;

/** All neurons in one mesh: smooth discs that glow with their activation, sharp at every zoom. */
export class NeuronMesh {
  readonly view: Mesh<Geometry, Shader>;
  readonly #signal: Float32Array;
  readonly #signalBuffer: Buffer;
  readonly #uniforms = new UniformGroup({
    uPositive: { value: new Float32Array(3), type: "vec3<f32>" },
    uNegative: { value: new Float32Array(3), type: "vec3<f32>" },
    uNeutral: { value: new Float32Array(3), type: "vec3<f32>" },
    uPaper: { value: new Float32Array(3), type: "vec3<f32>" },
    uZoom: { value: 1, type: "f32" },
  });

  constructor(discs: readonly Disc[]) {
    this.#signal = new Float32Array(Math.max(1, discs.length) * 8);
    this.#signalBuffer = new Buffer({ data: this.#signal, usage: BufferUsage.VERTEX | BufferUsage.COPY_DST });
    const shader = new Shader({
      glProgram: GlProgram.from({ vertex: VERTEX, fragment: FRAGMENT, name: "neurons" }),
      resources: { neuronUniforms: this.#uniforms },
    });
    this.view = new Mesh({ geometry: this.#geometry(discs), shader });
  }

  setColors(colors: CircuitColors): void {
    const { uniforms } = this.#uniforms;
    uniforms.uPositive = Float32Array.from(colors.positive);
    uniforms.uNegative = Float32Array.from(colors.negative);
    uniforms.uNeutral = Float32Array.from(colors.neutral);
    uniforms.uPaper = Float32Array.from(colors.paper);
    this.#uniforms.update();
  }

  setZoom(zoom: number): void {
    this.#uniforms.uniforms.uZoom = zoom;
    this.#uniforms.update();
  }

  /** Activation in [-1, 1] (clipped when drawn) and visibility in [0, 1]. Takes effect with `upload`. */
  setSignal(neuron: number, activation: number, visibility: number): void {
    for (let i = neuron * 8; i < neuron * 8 + 8; i += 2) {
      this.#signal[i] = activation;
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

  #geometry(discs: readonly Disc[]): Geometry {
    const vertices = new Float32Array(Math.max(1, discs.length) * 4 * FLOATS_PER_VERTEX);
    const indices = new Uint32Array(Math.max(1, discs.length) * 6);
    discs.forEach(({ x, y, radius }, n) => {
      for (let c = 0; c < 4; c++)
        vertices.set([x, y, CORNERS[c * 2] ?? 0, CORNERS[c * 2 + 1] ?? 0, radius], (n * 4 + c) * FLOATS_PER_VERTEX);
      const v = n * 4;
      indices.set([v, v + 1, v + 2, v + 1, v + 3, v + 2], n * 6);
    });
    const buffer = new Buffer({ data: vertices, usage: BufferUsage.VERTEX });
    const stride = FLOATS_PER_VERTEX * 4;
    return new Geometry({
      attributes: {
        aCenter: { buffer, format: "float32x2", stride, offset: 0 },
        aCorner: { buffer, format: "float32x2", stride, offset: 8 },
        aRadius: { buffer, format: "float32", stride, offset: 16 },
        aSignal: { buffer: this.#signalBuffer, format: "float32x2", stride: 8, offset: 0 },
      },
      indexBuffer: indices,
    });
  }
}
