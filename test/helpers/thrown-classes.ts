/**
 * Names of the classes of what `run` throws, nearest first, as Python calls them (`Error` is Gymnasium's own); `["ok"]` when nothing is
 * thrown. JavaScript's `Error`, which everything thrown is, is left out: it would stand for any of them.
 */
export function thrownClasses(run: () => unknown): string[] {
  try {
    run();
    return ["ok"];
  } catch (error) {
    const names: string[] = [];
    for (
      let proto = Object.getPrototypeOf(error) as object;
      proto !== Object.prototype && proto !== Error.prototype;
      proto = Object.getPrototypeOf(proto) as object
    )
      names.push(proto.constructor.name.replace("GymError", "Error"));
    return names;
  }
}
