import { z } from "zod";
import { listSettings } from "../../dist/src/cli/settings/list-settings.js";

export const readSchema = async (file) => import(`../../dist/${file.replace(/\.ts$/, ".js")}`);

/** Fields of a schema as [what, meaning]; those of the run's settings have a page of their own. */
export function schemaFields(schema) {
  const node = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const alternatives = node.oneOf ?? node.anyOf ?? [];
  if (alternatives.length > 0) {
    const named = alternatives.map(({ properties }) => JSON.stringify(properties.kind.const));
    return [[`kind: ${named.join(" | ")}`, "with the fields of that kind"]];
  }
  return Object.entries(node.properties).map(([name, child]) => {
    const isRequired = node.required?.includes(name) ?? false;
    if (child.const !== undefined) return [`${name}: ${JSON.stringify(child.const)}`, ""];
    const [inner, nothing] = child.anyOf ?? [child];
    const isNullable = nothing?.type === "null";
    const isNested = inner.properties !== undefined || inner.oneOf !== undefined;
    const [setting] = isNested
      ? []
      : listSettings({ properties: { [name]: { ...child, anyOf: undefined, ...inner } } });
    const byDefault = setting?.byDefault ? `default ${setting.byDefault}` : isRequired ? "" : "optional";
    return [
      `${name}: ${setting?.type ?? "object"}${isNullable ? " | null" : ""}`,
      [setting?.description ?? child.description ?? "", byDefault].filter(Boolean).join("; "),
    ];
  });
}
