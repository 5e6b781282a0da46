/** Activations of a CfC backbone, named as in ncps. `lecun_tanh` is 1.7159 tanh(0.666 x). */
export type Activation = "lecun_tanh" | "tanh" | "relu" | "silu" | "gelu";

/** All activation names. */
export const activations: readonly Activation[] = ["lecun_tanh", "tanh", "relu", "silu", "gelu"];

/** 1 / (1 + exp(-x)). */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** log(1 + exp(x)); x itself above 20, as torch computes it. */
export const softplus = (x: number): number => (x > 20 ? x : Math.log1p(Math.exp(x)));

/** Derivative of `softplus`. */
export const softplusSlope = (x: number): number => (x > 20 ? 1 : sigmoid(x));

/** Value of an activation. lecun_tanh is 1.7159 tanh(0.666 x); gelu is x times the normal distribution function. */
export function activate(name: Activation, x: number): number {
  switch (name) {
    case "lecun_tanh":
      return 1.7159 * Math.tanh(0.666 * x);
    case "tanh":
      return Math.tanh(x);
    case "relu":
      return x > 0 ? x : x === x ? 0 : x;
    case "silu":
      return x * sigmoid(x);
    case "gelu":
      return x * normalCdf(x);
    default:
      return name satisfies never;
  }
}

/** Derivative of an activation at x. */
export function activationSlope(name: Activation, x: number): number {
  switch (name) {
    case "lecun_tanh":
      return 1.7159 * 0.666 * (1 - Math.tanh(0.666 * x) ** 2);
    case "tanh":
      return 1 - Math.tanh(x) ** 2;
    case "relu":
      return x > 0 ? 1 : 0;
    case "silu": {
      const s = sigmoid(x);
      return s * (1 + x * (1 - s));
    }
    case "gelu":
      return normalCdf(x) + (x * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
    default:
      return name satisfies never;
  }
}

const normalCdf = (x: number): number => 0.5 * (1 + erf(x * Math.SQRT1_2));

/** Error function to about 1e-15: a series of positive terms near zero, a continued fraction in the tails. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (!(a < 6)) return Math.sign(x);
  return Math.sign(x) * (a < 2.5 ? erfSeries(a) : 1 - erfcFraction(a));
}

/** erf(x) = 2/sqrt(pi) exp(-x^2) sum over n of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1)). */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc(x) = exp(-x^2) / sqrt(pi) / (x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))). */
function erfcFraction(x: number): number {
  let tail = x;
  for (let n = 100; n >= 1; n--) tail = x + n / 2 / tail;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
}
