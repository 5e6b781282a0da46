import { ByteReader } from "../snapshot/byte-reader.ts";
import { ByteWriter } from "../snapshot/byte-writer.ts";
import { decodeLayer, encodeLayer } from "../snapshot/layer.ts";

/** Where in its life an env is. */
export const OrderState = { notReset: 0, running: 1, ended: 2 } as const;
export type OrderState = (typeof OrderState)[keyof typeof OrderState];

/** The snapshot layer of OrderEnforcing. */
export function orderLayer(state: OrderState, inner: Uint8Array): Uint8Array {
  return encodeLayer("OrderEnforcing", Uint8Array.of(state), inner);
}

/** Throws InvalidSnapshot. */
export function readOrderLayer(bytes: Uint8Array): { readonly state: OrderState; readonly inner: Uint8Array } {
  const { payload, inner } = decodeLayer("OrderEnforcing", bytes);
  const reader = new ByteReader(payload);
  const state = reader.uint8(2) as OrderState; // 0, 1 or 2 by the line's limit
  reader.end();
  return { state, inner };
}

/** The snapshot layer of TimeLimit: steps of the present episode. */
export function timeLimitLayer(steps: number, inner: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writer.uint32(steps);
  return encodeLayer("TimeLimit", writer.written, inner);
}

/** Throws InvalidSnapshot. */
export function readTimeLimitLayer(bytes: Uint8Array): { readonly steps: number; readonly inner: Uint8Array } {
  const { payload, inner } = decodeLayer("TimeLimit", bytes);
  const reader = new ByteReader(payload);
  const steps = reader.uint32();
  reader.end();
  return { steps, inner };
}
