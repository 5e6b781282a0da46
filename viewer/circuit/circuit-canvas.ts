import type { Camera } from "./camera.ts";
import type { Point } from "./edge-path.ts";

/** Red, green and blue in [0, 1]. */
export type Rgb = readonly [number, number, number];

/** A synapse to draw. */
export interface Edge {
  readonly a: Point;
  readonly b: Point;
  readonly polarity: 1 | -1;
  /** half the width [px] at zoom 1 */
  readonly halfWidth: number;
}

/** A neuron to draw. */
export interface Disc extends Point {
  readonly radius: number;
}

/** Colours of positive, negative and no activation and of the panel behind, and how visible a silent synapse is, in [0, 1]. */
export interface CircuitColors {
  readonly positive: Rgb;
  readonly negative: Rgb;
  readonly neutral: Rgb;
  readonly paper: Rgb;
  readonly quiet: number;
}

/** The glow of a neuron reaches to this many radii. */
export const GLOW = 2.1;
/** Many synapses are as clear straight as curved. */
export const CURVED_UP_TO = 900;
/** Points that a curved synapse goes through, and a straight one. */
export const segmentsOf = (numEdges: number): number => (numEdges > CURVED_UP_TO ? 1 : 12);
/** Waves along a synapse between columns; shorter ones have fewer [px]. */
export const WAVELENGTH_PX = 90;
/** How far an active synapse darkens between two waves, in [0, 1]. */
export const FLOW_DEPTH = 0.75;

/** Whatever draws a circuit: synapses behind, neurons in front. Changes show when it draws. */
export interface CircuitCanvas {
  /** size in CSS pixels */
  readonly width: number;
  readonly height: number;
  /** Takes a circuit in place of the last one. */
  load(edges: readonly Edge[], discs: readonly Disc[], neuronRadius: number): void;
  setColors(colors: CircuitColors): void;
  /** Widths and sizes stay (nearly) the same on screen. */
  setCamera(camera: Camera): void;
  /** Where the waves that run along active synapses are, in wavelengths; null for none. */
  setFlow(phase: number | null): void;
  /** How much a synapse carries and how visible it is, both in [0, 1]. */
  setEdge(edge: number, activity: number, visibility: number): void;
  /** Activation in [-1, 1] (cut off beyond) and visibility in [0, 1]. */
  setNeuron(neuron: number, activation: number, visibility: number): void;
  /** Draws everything as it is now. */
  draw(): void;
  /** Draws the next of many pictures: the neurons, and of the synapses what there is time for. Says whether everything is as it is now. */
  drawOn(): boolean;
  destroy(): void;
}
