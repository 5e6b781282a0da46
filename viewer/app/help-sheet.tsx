import { useEffect, useRef } from "preact/hooks";
import { KEY_HELP } from "../replay/keys.ts";
import { ToolButton } from "./tool-button.tsx";

/** The keys, over the page. A modal dialog: Esc closes it, the focus stays inside. */
export function HelpSheet({ close }: { close(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog class="help" ref={dialog} onClose={close} aria-labelledby="help-title">
      <header>
        <h2 id="help-title">Keys</h2>
        <ToolButton icon="close" label="Close" onClick={() => dialog.current?.close()} />
      </header>
      <dl>
        {KEY_HELP.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((k) => (
                <kbd key={k}>{k}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p>
        In the circuit: the wheel zooms, dragging moves the view or a neuron, a double click shows everything as it was.
      </p>
    </dialog>
  );
}
