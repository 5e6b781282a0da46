import { Icon } from "./icons.tsx";

/** A small button that shows an icon; `label` is its name, for screen readers as well, and `hint` what the pointer reads. */
export interface ToolButtonProps {
  readonly icon: Parameters<typeof Icon>[0]["name"];
  readonly label: string;
  readonly hint?: string;
  readonly isOff?: boolean;
  readonly isStrong?: boolean;
  /** only for what can be on or off */
  readonly isPressed?: boolean;
  readonly onClick: () => void;
}

/** See `ToolButtonProps`. */
export function ToolButton({
  icon,
  label,
  hint,
  isOff = false,
  isStrong = false,
  isPressed,
  onClick,
}: ToolButtonProps) {
  return (
    <button
      class={isStrong ? "button strong" : "button"}
      type="button"
      disabled={isOff}
      aria-pressed={isPressed}
      title={hint ?? label}
      aria-label={label}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
