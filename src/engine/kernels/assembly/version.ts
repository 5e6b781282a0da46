/** Kernel interface version, checked when the module is instantiated. */
export function version(): i32 {
  return 9;
}
