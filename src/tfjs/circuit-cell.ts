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
  #equations: CellEquations | null = null;
  readonly #variables = new Map<string, LayerVariable>();

  constructor(args: LayerArgs & { readonly timeInput?: boolean }) {
    super(args);
    this.timeInput = args.timeInput ?? false;
  }

  /** Width of the output, known before the cell is built. */
  abstract get outputSize(): number;

  /** The equations for D inputs, elapsed time not counted. Throws ConfigError on bad options. */
  protected abstract makeEquations(inputDim: number): CellEquations;

  /** The equations of the built cell. Throws ConfigError before. */
  get equations(): CellEquations {
    if (this.#equations === null)
      throw new ConfigError("not-built", `layer ${this.name} is not built: apply it to an input first`);
    return this.#equations;
  }

  /** The weight with this reference name. */
  variable(name: string): LayerVariable {
    return this.#variables.get(name)!;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
    const features = shape.at(-1);
    const inputDim = (features ?? 0) - (this.timeInput ? 1 : 0);
    if (shape.length !== 2 || features === null || features === undefined || inputDim < 1)
      throw new ConfigError(
        "input-shape",
        `layer ${this.name} got step input [${shape.join(", ")}]; expected [batch, features${this.timeInput ? " + elapsed time" : ""}]`,
      );
    this.#equations = this.makeEquations(inputDim);
    for (const { name, shape: weightShape, initializer, isNonNegative } of this.#equations.weights) {
      const constraint = isNonNegative ? tf.constraints.nonNeg() : undefined;
      this.#variables.set(
        name,
        this.addWeight(name, [...weightShape], "float32", initializer, undefined, true, constraint),
      );
    }
    this.built = true;
  }

  /** inputs: [x, ...states], each [B, ·]; gives [output, ...states]. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor[] {
    return tf.tidy(() => {
      const [all, ...states] = inputs as tf.Tensor2D[];
      const features = all!.shape[1] - (this.timeInput ? 1 : 0);
      const x = this.timeInput ? tf.slice(all!, [0, 0], [-1, features]) : all!;
      const dt = this.timeInput ? tf.slice(all!, [0, features], [-1, 1]) : 1;
      const read = (name: string): tf.Tensor => this.variable(name).read();
      const step = this.equations.step({ x, states, dt, training: kwargs.training ?? false }, read);
      return [step.output, ...step.states];
    });
  }
}
