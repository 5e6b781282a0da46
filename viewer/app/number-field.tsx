/** A whole number to type; the form it stands in says whether what was typed will do. */
export function NumberField({
  label,
  text,
  isValid,
  onText,
}: {
  readonly label: string;
  readonly text: string;
  readonly isValid: boolean;
  readonly onText: (text: string) => void;
}) {
  return (
    <label class="field">
      {label}
      <input
        class="select number"
        inputMode="numeric"
        value={text}
        aria-invalid={!isValid}
        onInput={(event) => onText(event.currentTarget.value)}
      />
    </label>
  );
}
