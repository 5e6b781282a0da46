/** Chooses how fast time runs. `label` names it where nothing beside it does. */
export function SpeedSelect({
  speeds,
  value,
  label,
  isOff = false,
  onChoose,
}: {
  readonly speeds: readonly number[];
  readonly value: number;
  readonly label?: string;
  readonly isOff?: boolean;
  readonly onChoose: (speed: number) => void;
}) {
  return (
    <select
      class="select"
      aria-label={label}
      disabled={isOff}
      value={value}
      onChange={(event) => onChoose(Number(event.currentTarget.value))}
    >
      {speeds.map((speed) => (
        <option key={speed} value={speed}>
          {speed}×
        </option>
      ))}
    </select>
  );
}
