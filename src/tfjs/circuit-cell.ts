import * as tf from "@tensorflow/tfjs";
import { ConfigError } from "../errors.ts";
import type { CellEquations } from "./equations.ts";

type LayerArgs = ConstructorParameters<typeof tf.layers.RNNCell>[0];
type Shape = (number | null)[];
/** A weight of a layer. */
export type LayerVariable = ReturnType<InstanceType<typeof tf.layers.Layer>["addWeight"]>;

/** A recurrent cell made of `CellEquations`; its weights carry the reference library's names. */
export abstract class CircuitCell extends tf.layers.RNNCell {
  abstract override stateSize: number | number[];
  /** Whether the last input feature is the elapsed time. */
  timeInput: boolean;
  readonly #seed: number | null;
  #equations: CellEquations | null = null;
  readonly #variables = new Map<string, LayerVariable>();
  #numDrops = 0;

  constructor(args: LayerArgs & { readonly timeInput?: boolean; readonly seed?: number }) {
    super(args);
    this.timeInput = args.timeInput ?? false;
    this.#seed = args.seed ?? null;
  }

  /** Whether the equations divide by the elapsed time. @internal */
  get needsPositiveTime(): boolean {
    return false;
  }

  /** Throws ConfigError unless every elapsed time is above 0 where the equations need it. @internal */
  checkTime(elapsed: tf.Tensor): void {
    if (!this.needsPositiveTime || tf.tidy(() => tf.all(tf.greater(elapsed, 0)).dataSync()[0] === 1)) return;
    const wrong = elapsed.dataSync<"float32">().find((dt) => !(dt > 0));
    throw new ConfigError(
      "elapsed-time",
      `layer ${this.name} got an elapsed time of ${wrong}; an LTC needs times above 0`,
    );
  }

  /** Width of the output, known before the cell is built. @internal */
  abstract get outputSize(): number;

  /** The equations for D inputs, elapsed time not counted. Throws ConfigError on bad options. */
  protected abstract makeEquations(inputDim: number): CellEquations;

  /** The equations of the built cell. Throws ConfigError before. @internal */
  get equations(): CellEquations {
    if (this.#equations === null)
      throw new ConfigError("not-built", `layer ${this.name} is not built: apply it to an input first`);
    return this.#equations;
  }

  /** The weight with this reference name. @internal */
  variable(name: string): LayerVariable {
    return this.#variables.get(name)!;
  }

  override build(inputShape: Shape | Shape[]): void {
    const stepShape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
    const features = stepShape.at(-1);
    const inputDim = (features ?? 0) - (this.timeInput ? 1 : 0);
    if (stepShape.length !== 2 || features === null || features === undefined || inputDim < 1)
      throw new ConfigError(
        "input-shape",
        `layer ${this.name} got step input [${stepShape.join(", ")}]; expected [batch, features${this.timeInput ? " + elapsed time" : ""}]`,
      );
    this.#equations = this.makeEquations(inputDim);
    for (const [index, spec] of this.#equations.weights.entries()) {
      const constraint = spec.isNonNegative ? tf.constraints.nonNeg() : undefined;
      const initializer = this.#seed === null ? spec.initializer : seeded(spec.initializer, this.#seed + index);
      const shape = [...spec.shape];
      this.#variables.set(
        spec.name,
        this.addWeight(spec.name, shape, "float32", initializer, undefined, true, constraint),
      );
    }
    this.built = true;
  }

  /**
   * One step: inputs [x [B, D], ...states [B, H]], with `timeInput` x is [B, D + 1] and ends in the elapsed time [control periods]; gives
   * [output, ...states]. Throws ConfigError (`elapsed-time`) on times of an LTC that are not above 0.
   */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean; isTimeChecked?: boolean }): tf.Tensor[] {
    return tf.tidy(() => {
      const [all, ...states] = inputs as tf.Tensor2D[];
      const features = all!.shape[1] - (this.timeInput ? 1 : 0);
      const x = this.timeInput ? tf.slice(all!, [0, 0], [-1, features]) : all!;
      const dt = this.timeInput ? tf.slice(all!, [0, features], [-1, 1]) : 1;
      if (typeof dt !== "number" && !kwargs.isTimeChecked) this.checkTime(dt);
      const read = (name: string): tf.Tensor => this.variable(name).read();
      const dropout = kwargs.training ? (z: tf.Tensor, rate: number) => this.#drop(z, rate) : null;
      const step = this.equations.step({ x, states, dt, dropout }, read);
      return [step.output, ...step.states];
    });
  }

  /** A new draw every time; with a seed the same sequence of draws in every run. */
  #drop(z: tf.Tensor, rate: number): tf.Tensor {
    const seed = this.#seed === null ? undefined : this.#seed + FIRST_DROP + this.#numDrops++;
    return tf.dropout(z, rate, undefined, seed);
  }
}

/** Keeps the streams of dropout apart from those of the weights. */
const FIRST_DROP = 1 << 16;

/** The same initialiser drawing from a seed; one that draws nothing is given back. */
function seeded<I extends CellEquations["weights"][number]["initializer"]>(initializer: I, seed: number): I {
  const config = initializer.getConfig();
  if (!("seed" in config)) return initializer;
  const Initializer = initializer.constructor as new (config: tf.serialization.ConfigDict) => I; // its own class
  return new Initializer({ ...config, seed });
}
