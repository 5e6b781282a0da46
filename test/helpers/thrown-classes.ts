/** Names of the classes of what `run` throws, nearest first, as Python calls them; `["ok"]` when nothing is thrown. */
export function thrownClasses(run: () => unknown): string[] {
  try {
    run();
    return ["ok"];
  } catch (error) {
    const names: string[] = [];
    for (
      let proto = Object.getPrototypeOf(error) as object;
      proto !== Object.prototype;
      proto = Object.getPrototypeOf(proto) as object
    )
      names.push(proto.constructor.name.replace("GymError", "Error"));
    return names;
  }
}
