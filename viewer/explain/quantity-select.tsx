import { GROUPS, type Quantity } from "../chart/quantities.ts";

/** A list of quantities to choose one of, in groups. */
export function QuantitySelect({
  label,
  quantities,
  value,
  choose,
}: {
  readonly label: string;
  readonly quantities: readonly Quantity[];
  readonly value: string;
  choose(id: string): void;
}) {
  return (
    <select class="select" aria-label={label} value={value} onChange={(event) => choose(event.currentTarget.value)}>
      {GROUPS.map((group) => {
        const members = quantities.filter((q) => q.group === group);
        return members.length === 0 ? null : (
          <optgroup key={group} label={group}>
            {members.map((q) => (
              <option key={q.id} value={q.id}>
                {q.label}
              </option>
            ))}
          </optgroup>
        );
      })}
    </select>
  );
}
