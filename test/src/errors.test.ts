import { expect, test } from "vitest";
import { SequenceModel } from "../../agents/index.ts";
import { ConfigError, EnvError, KernelError, NonFiniteError, packError, unpackError } from "../../src/errors.ts";
import * as elegans from "../../src/index.ts";
import { decodeNpy } from "../../src/interop/index.ts";
import * as ncp from "../../src/ncp/index.ts";

test("an error keeps class, code and message through structured clone", () => {
  const error = new EnvError("bad-reward", "reward of env 3 is NaN");
  const back = unpackError(structuredClone(packError(error)));
  expect(back).toBeInstanceOf(EnvError);
  expect(back).toMatchObject({ name: "EnvError", code: "bad-reward", message: error.message, stack: error.stack });
});

test("a NonFiniteError says what, when and what may help, and is a KernelError", () => {
  const error = new NonFiniteError({ quantity: "loss", value: NaN, step: 4096, hint: "Try a smaller algo.lr." });
  expect(error.message).toBe("loss became NaN at step 4096. Try a smaller algo.lr.");
  const back = unpackError(structuredClone(packError(error)));
  expect(back).toBeInstanceOf(NonFiniteError);
  expect(back).toBeInstanceOf(KernelError);
  expect(back).toMatchObject({ what: error.what, message: error.message });
});

test("foreign errors and thrown values stay plain errors", () => {
  expect(unpackError(packError(new RangeError("internal: x")))).toMatchObject({
    name: "RangeError",
    message: "internal: x",
  });
  expect(unpackError(packError("oops")).message).toBe("oops");
  expect(unpackError(packError(new RangeError("x")))).not.toBeInstanceOf(ConfigError);
});

test("users tell errors of every entry point by the classes that the main one exports", () => {
  const thrownBy = (act: () => unknown): unknown => {
    try {
      return act();
    } catch (error) {
      return error;
    }
  };
  const { ElegansError, ...classes } = {
    ElegansError: elegans.ElegansError,
    ConfigError: elegans.ConfigError,
    EnvError: elegans.EnvError,
    FormatError: elegans.FormatError,
    KernelError: elegans.KernelError,
  };
  for (const [name, Class] of Object.entries(classes)) {
    expect(new Class("some-code", "words")).toBeInstanceOf(ElegansError);
    expect(new Class("some-code", "words")).toMatchObject({ name, code: "some-code", message: "words" });
  }
  const stray = new elegans.NonFiniteError({ quantity: "loss", value: NaN, step: 1 });
  expect(stray).toBeInstanceOf(elegans.KernelError);
  expect(thrownBy(() => elegans.decodePolicy(new Uint8Array(4)))).toBeInstanceOf(elegans.FormatError);
  expect(thrownBy(() => decodeNpy("w", new Uint8Array(4)))).toBeInstanceOf(elegans.FormatError);
  expect(thrownBy(() => new SequenceModel({ inputDim: 0, numOutputs: 1 }))).toBeInstanceOf(elegans.ConfigError);
  expect(thrownBy(() => ncp.createModel({ kind: "gru" } as never))).toBeInstanceOf(elegans.ConfigError);
  expect(ncp.ConfigError).toBe(elegans.ConfigError); // for pages that need no more than circuits
  expect(ncp.FormatError).toBe(elegans.FormatError);
});
