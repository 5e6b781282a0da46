import { Tabs } from "../app/tabs.tsx";
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
      <Tabs label="Neuron or why" names={SIDE_VIEWS} chosen={tab} choose={(name) => (replay.side.value = name)} />
      <div class="scroller" role="tabpanel" aria-label={tab}>
        {tab === "Neuron" ? <Inspector replay={replay} /> : <WhyPanel replay={replay} explain={explain} />}
      </div>
    </div>
  );
}
