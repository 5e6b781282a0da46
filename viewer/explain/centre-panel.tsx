import { useSignal, type Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { Tabs } from "../app/tabs.tsx";
import { quantitiesOf } from "../chart/quantities.ts";
import { seek } from "../player/player.ts";
import { CENTRE_VIEWS, type CentreView } from "../replay/page-layout.ts";
import type { ReplayState } from "../replay/replay-state.ts";
import { CorrelationTable } from "./correlation-table.tsx";
import { PhasePlot, type PhaseChoice } from "./phase-plot.tsx";

/** Chooses between the views. */
export function CentreTabs({ view }: { readonly view: Signal<CentreView> }) {
  return (
    <Tabs label="View of the circuit" names={CENTRE_VIEWS} chosen={view.value} choose={(name) => (view.value = name)} />
  );
}

const FIRST: PhaseChoice = { x: "motor.0", y: "motor.1" };

/** The circuit, or one of the views of its numbers over the episode. */
export function CentreBody({
  replay,
  view,
  children,
}: {
  readonly replay: ReplayState;
  readonly view: Signal<CentreView>;
  /** the circuit */
  readonly children: ComponentChildren;
}) {
  const episode = replay.episode.value;
  const quantities = useMemo(() => (episode === null ? [] : quantitiesOf(episode)), [episode]);
  const choice = useSignal(FIRST);
  if (view.value === "Circuit" || episode === null) return <>{children}</>;
  if (view.value === "Phase")
    return (
      <PhasePlot
        episode={episode}
        quantities={quantities}
        choice={choice}
        time={replay.time}
        seek={(step) => replay.control((s, n) => seek(s, step, n))}
      />
    );
  return (
    <CorrelationTable
      episode={episode}
      quantities={quantities}
      show={(neuron, other) => {
        choice.value = { x: other.id, y: neuron.id };
        view.value = "Phase";
      }}
    />
  );
}
