/** Activation functions the kernels know, by the numbers they are called with. lecun_tanh(x) = 1.7159 tanh(0.666 x). */
export const activationKinds = { identity: 0, tanh: 1, relu: 2, sigmoid: 3, lecun_tanh: 4, silu: 5, gelu: 6 } as const;

/** Name of an activation function. */
export type Activation = keyof typeof activationKinds;

/** Whether the derivative is worked out from the input of the function; for the others from its output. */
export const savesInput = (activation: Activation): boolean => activation === "silu" || activation === "gelu";
