import type { StepRecord } from "../../src/protocol/index.ts";

/** What the list of motor neurons needs. */
export interface MotorListProps {
  readonly record: StepRecord | null;
  /** names in action order */
  readonly labels: readonly string[];
}

/** Every motor neuron now: its activation, and its probability (Discrete) or the action it makes (Box). */
export function MotorList({ record, labels }: MotorListProps) {
  if (record === null) return <ul class="motor-list" />;
  const isDiscrete = record.probabilities.length > 0;
  return (
    <ul class="motor-list" aria-label="Motor neurons">
      {Array.from(record.motor, (activation, m) => {
        const share = isDiscrete ? (record.probabilities[m] ?? 0) : (Math.tanh(record.action[m] ?? 0) + 1) / 2;
        const color = `var(--series-${(m % 8) + 1})`;
        return (
          <li key={m} data-chosen={isDiscrete && record.action[0] === m}>
            <i class="dot" style={{ background: color }} />
            <span class="name">{labels[m] ?? `motor ${m}`}</span>
            <span class="number">{signed(activation)}</span>
            <span class="meter" aria-hidden="true">
              <i style={{ width: `${share * 100}%`, background: color }} />
            </span>
            <span />
            <span class="percent">{isDiscrete ? "probability" : "action"}</span>
            <span class="percent number">
              {isDiscrete ? `${(share * 100).toFixed(0)} %` : signed(record.action[m] ?? 0)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** A number with its sign and two decimals, always equally wide. */
export function signed(x: number): string {
  return `${x < 0 ? "−" : "+"}${Math.abs(x).toFixed(2)}`;
}
