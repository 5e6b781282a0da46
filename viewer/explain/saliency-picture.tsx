import { useEffect, useRef, useState } from "preact/hooks";
import { cssRgb, themeVersion } from "../app/theme.ts";
import type { Picture } from "./explainer.ts";

const MAPS = ["VisualBackProp", "gradient × input", "picture alone"] as const;
type MapName = (typeof MAPS)[number];

/** What the policy saw, in grey, with what mattered in it laid over it. */
export function SaliencyPicture({ picture }: { readonly picture: Picture }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [chosen, choose] = useState<MapName | null>(null);
  const maps = picture.visual === null ? MAPS.slice(1) : MAPS;
  const name = chosen !== null && maps.includes(chosen) ? chosen : (maps[0] ?? "gradient × input");
  const version = themeVersion.value;
  useEffect(() => {
    const map = name === "VisualBackProp" ? picture.visual : name === "gradient × input" ? picture.gradient : null;
    if (canvas.current !== null) paint(canvas.current, picture, map);
  }, [picture, name, version]);
  return (
    <div class="saliency">
      <label class="row-of">
        <span>Picture with</span>
        <select
          class="select"
          aria-label="Overlay"
          value={name}
          onChange={(event) => choose(MAPS.find((m) => m === event.currentTarget.value) ?? null)}
        >
          {maps.map((m) => (
            <option key={m}>{m}</option>
          ))}
        </select>
      </label>
      <canvas
        ref={canvas}
        data-testid="saliency"
        role="img"
        aria-label={`What the policy saw, ${name}`}
        style={{ aspectRatio: `${picture.width} / ${picture.height}` }}
      />
    </div>
  );
}

/** Grey, mixed with the accent where the map is high. */
function paint(canvas: HTMLCanvasElement, { width, height, grey }: Picture, map: Float32Array | null): void {
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.createImageData(width, height);
  const hue = cssRgb("--negative").map((c) => c * 255);
  for (let p = 0; p < width * height; p++) {
    const shade = 26 + 205 * Math.min(1, grey[p] ?? 0) * (map === null ? 1 : 0.75);
    const share = Math.min(1, map?.[p] ?? 0) * 0.9;
    for (let c = 0; c < 3; c++) image.data[p * 4 + c] = shade + ((hue[c] ?? 0) - shade) * share;
    image.data[p * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
