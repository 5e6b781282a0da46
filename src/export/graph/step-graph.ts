import type { ImageShape } from "./image-shape.ts";

/** Functions of one number, applied to every entry. */
export type UnaryFunction = "tanh" | "sigmoid" | "relu" | "exp" | "abs" | "sqrt";
/** Functions of two numbers, applied entry by entry; a value of size 1 goes with every entry of the other. */
export type BinaryFunction = "add" | "sub" | "mul" | "div" | "min" | "max";

/** What every value of a graph has: a vector per sample. */
interface Sized {
  /** entries per sample */
  readonly size: number;
}

/** `obs` as the environment gives it, flattened; `state` as the step before left it; `elapsed` in nominal control periods. */
export type InputName = "obs" | "state" | "elapsed";

/** One convolution with ReLU. */
export interface ConvNode extends Sized {
  readonly kind: "conv";
  readonly x: ImageNode;
  /** [filters, channels, kernel, kernel] */
  readonly weight: Float32Array;
  /** [filters] */
  readonly bias: Float32Array;
  readonly kernel: number;
  readonly stride: number;
  /** rows and columns of zeros before and after the image */
  readonly pads: { readonly top: number; readonly left: number; readonly bottom: number; readonly right: number };
  readonly shape: ImageShape;
}

/** A vector read as an image, channels last. */
interface ImageViewNode extends Sized {
  readonly kind: "image";
  readonly x: StepNode;
  readonly shape: ImageShape;
}

/** Values that are images. */
export type ImageNode = ConvNode | ImageViewNode;

/** One value of a step, and how it comes about from earlier ones. Arrays are row-major. */
export type StepNode =
  | (Sized & { readonly kind: "input"; readonly name: InputName })
  | (Sized & { readonly kind: "constant"; readonly data: Float32Array })
  /** weight [size, x.size] · x + bias */
  | (Sized & {
      readonly kind: "linear";
      readonly x: StepNode;
      readonly weight: Float32Array;
      readonly bias: Float32Array | null;
    })
  | (Sized & { readonly kind: "unary"; readonly f: UnaryFunction; readonly x: StepNode })
  | (Sized & { readonly kind: "binary"; readonly f: BinaryFunction; readonly a: StepNode; readonly b: StepNode })
  | (Sized & { readonly kind: "gather"; readonly x: StepNode; readonly indices: readonly number[] })
  | (Sized & { readonly kind: "concat"; readonly parts: readonly StepNode[] })
  /** mean over the entries */
  | (Sized & { readonly kind: "mean"; readonly x: StepNode })
  /** an image as a vector, channel by channel */
  | (Sized & { readonly kind: "flatten"; readonly x: ImageNode })
  | ImageNode;

/** What a policy does in one step, as data: every executor outside this project is written from it. */
export interface StepGraph {
  /** in an order in which each can be computed from those before */
  readonly nodes: readonly StepNode[];
  /** sizes of what comes in */
  readonly inputs: Readonly<Record<InputName, number>>;
  /** logits (Discrete) or means (Box) */
  readonly logits: StepNode;
  /** the state to hand to the next step; null where a policy has none */
  readonly nextState: StepNode | null;
}
