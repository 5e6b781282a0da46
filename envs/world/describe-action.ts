/** An action in a message. */
export function describeAction(action: unknown): string {
  if (ArrayBuffer.isView(action) && !(action instanceof DataView)) {
    const values = Array.from(action as unknown as ArrayLike<number>).slice(0, 8);
    return `${action.constructor.name} [${values.join(", ")}]`;
  }
  return Array.isArray(action) ? `[${action.slice(0, 8).join(", ")}]` : `${String(action)} (${typeof action})`;
}
