/** Names side by side, one of them chosen. */
export function Tabs<Name extends string>({
  label,
  names,
  chosen,
  choose,
}: {
  readonly label: string;
  readonly names: readonly Name[];
  readonly chosen: Name;
  choose(name: Name): void;
}) {
  return (
    <div class="tabs small" role="tablist" aria-label={label}>
      {names.map((name) => (
        <button
          key={name}
          class="tab"
          type="button"
          role="tab"
          aria-selected={chosen === name}
          aria-current={chosen === name ? "page" : undefined}
          onClick={() => choose(name)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
