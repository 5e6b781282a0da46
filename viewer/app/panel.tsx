import type { ComponentChildren } from "preact";

/** A titled box. `name` places it in the page's grid. */
export interface PanelProps {
  readonly name: string;
  readonly title: string;
  readonly note?: ComponentChildren;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A titled box with room for tools on its right. */
export function Panel({ name, title, note, tools, children }: PanelProps) {
  return (
    <section class={`panel ${name}`} aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span class="note">{note}</span>
        <span class="spacer" />
        {tools}
      </header>
      {children}
    </section>
  );
}

/** What the colours of the circuit mean. */
export function Legend() {
  return (
    <div class="legend">
      <span>
        <i class="positive" />
        excites
      </span>
      <span>
        <i class="negative" />
        inhibits
      </span>
      <span title="activation of a neuron">
        −1
        <i class="scale" />
        +1
      </span>
    </div>
  );
}
