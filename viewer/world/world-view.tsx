import { useEffect, useRef } from "preact/hooks";
import { effect } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Frame } from "gymnasium-js";
import { createStage, type Stage } from "../render/stage.ts";
import { FramePainter } from "./frame-painter.ts";

/** The world as the environment draws it, always the newest picture. */
export function WorldView({ scene, label }: { readonly scene: ReadonlySignal<Frame | null>; readonly label: string }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    return mount(element, scene, label);
  }, [scene, label]);
  return <div class="stage" ref={host} data-testid="world" />;
}

function mount(host: HTMLElement, scene: ReadonlySignal<Frame | null>, label: string): () => void {
  let stage: Stage | null = null;
  let isGone = false;
  let stop = (): void => {};
  const painter = new FramePainter();
  const draw = (): void => {
    if (stage === null || scene.value === null) return;
    painter.paint(scene.value, stage.width, stage.height);
    stage.render();
  };
  void createStage(host, { label, antialias: true, onResize: draw }).then((made) => {
    if (isGone) return made.destroy();
    stage = made;
    stage.root.addChild(painter.container);
    stop = effect(draw);
  });
  return () => {
    isGone = true;
    stop();
    painter.destroy();
    stage?.destroy();
  };
}
