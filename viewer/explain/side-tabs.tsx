import { Inspector } from "../replay/inspector.tsx";
import { SIDE_VIEWS } from "../replay/page-layout.ts";
import type { ReplayState } from "../replay/replay-state.ts";
import type { ExplainState } from "./explain-state.ts";
import { WhyPanel } from "./why-panel.tsx";

/** The side of the inspect page: the chosen neuron, or what the decision under the cursor rested on. */
export function SideTabs({ replay, explain }: { readonly replay: ReplayState; readonly explain: ExplainState }) {
  const tab = replay.side.value;
  return (
    <div class="side-tabs">
      <div class="tabs small" role="tablist" aria-label="Neuron or why">
        {SIDE_VIEWS.map((name) => (
          <button
            key={name}
            class="tab"
            type="button"
            role="tab"
            aria-selected={tab === name}
            aria-current={tab === name ? "page" : undefined}
            onClick={() => (replay.side.value = name)}
          >
            {name}
          </button>
        ))}
      </div>
      <div class="scroller" role="tabpanel" aria-label={tab}>
        {tab === "Neuron" ? <Inspector replay={replay} /> : <WhyPanel replay={replay} explain={explain} />}
      </div>
    </div>
  );
}
