import { renderAllStages } from "../render/stage.ts";

/** What is painted as text: the innermost elements of these. */
const SKIPPED = "script, style, select, option, datalist, svg, canvas, .visually-hidden";

/**
 * Paints the part of the page under `root` onto a 2D canvas of the same size: panels, every chart and scene, and the texts between them.
 * Scenes are drawn anew first, in the same task, because a WebGL canvas can be read only then.
 */
export function paintPage(root: HTMLElement, target: HTMLCanvasElement, scale: number): void {
  const box = root.getBoundingClientRect();
  target.width = Math.round(box.width * scale);
  target.height = Math.round(box.height * scale);
  const context = target.getContext("2d");
  if (context === null) return;
  context.setTransform(scale, 0, 0, scale, -box.left * scale, -box.top * scale);
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(box.left, box.top, box.width, box.height);
  renderAllStages();
  for (const element of root.querySelectorAll<HTMLElement>("*")) paintElement(context, element);
}

function paintElement(context: CanvasRenderingContext2D, element: HTMLElement): void {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  if (style.visibility === "hidden" || box.width === 0 || box.height === 0) return;
  if (!(element instanceof HTMLCanvasElement) && !(element instanceof SVGElement)) paintBox(context, box, style);
  if (element instanceof HTMLCanvasElement) context.drawImage(element, box.left, box.top, box.width, box.height);
  else if (!element.matches(SKIPPED)) paintText(context, element, style);
}

function paintBox(context: CanvasRenderingContext2D, box: DOMRect, style: CSSStyleDeclaration): void {
  const radius = Math.min(Number.parseFloat(style.borderTopLeftRadius) || 0, box.height / 2);
  context.beginPath();
  context.roundRect(
    box.left,
    box.top,
    box.width,
    box.height,
    style.borderTopLeftRadius.endsWith("%") ? box.height / 2 : radius,
  );
  if (style.backgroundColor !== "rgba(0, 0, 0, 0)") {
    context.fillStyle = style.backgroundColor;
    context.fill();
  }
  const border = Number.parseFloat(style.borderTopWidth);
  if (border > 0 && style.borderTopColor !== "rgba(0, 0, 0, 0)") {
    context.lineWidth = border;
    context.strokeStyle = style.borderTopColor;
    context.stroke();
  }
}

/** Each run of text where the browser put it. */
function paintText(context: CanvasRenderingContext2D, element: HTMLElement, style: CSSStyleDeclaration): void {
  for (const node of element.childNodes) {
    if (!(node instanceof Text) || node.data.trim() === "") continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.fillStyle = style.color;
    context.textBaseline = "middle";
    for (const line of range.getClientRects()) {
      if (range.getClientRects().length > 1) continue; // wrapped text is left out: nobody quotes hints
      context.fillText(node.data.trim(), line.left, line.top + line.height / 2);
    }
  }
}
