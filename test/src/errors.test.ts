import { expect, test } from "vitest";
import { ConfigError, EnvError, KernelError, NonFiniteError, packError, unpackError } from "../../src/errors.ts";

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
