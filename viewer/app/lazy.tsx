import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { messageOf } from "../../src/errors.ts";

type Render = () => ComponentChildren;

/** Shows what is fetched only now. `load` must stay the same function. */
export function Lazy({ load }: { readonly load: () => Promise<Render> }) {
  const [shown, show] = useState<{ readonly render: Render } | string | null>(null);
  useEffect(() => {
    let isGone = false;
    void load().then(
      (render) => isGone || show({ render }),
      (error: unknown) => isGone || show(messageOf(error)),
    );
    return () => {
      isGone = true;
    };
  }, [load]);
  if (shown === null) return <main class="waiting" aria-busy="true" />;
  if (typeof shown === "string") return <main class="waiting">This page could not be loaded: {shown}</main>;
  return <>{shown.render()}</>;
}
