import { renderAllStages } from "../render/stage.ts";

/** Controls are left out: a picture cannot be operated. */
const CONTROLS = "dialog, .timeline, .tools, .hold, .condition, .actions, button:not(.link), input, select, datalist";
/** Elements that hold no text to paint. */
const WITHOUT_TEXT = "script, style, svg *, .visually-hidden, dialog, dialog *";

/**
 * Paints the part of the page under `root` onto a 2D canvas: panels, every chart and scene, and the texts between them, down to the
 * timeline. Videos need sides of even length. Scenes are drawn anew first, in the same task, because a WebGL canvas can be read only then.
 */
export function paintPage(
  root: HTMLElement,
  target: HTMLCanvasElement,
  scale: number,
  parity: "any" | "even" = "any",
): void {
  const { left, top, width, bottom } = root.getBoundingClientRect();
  const timeline = root.querySelector(".timeline")?.getBoundingClientRect();
  const height = (timeline === undefined || timeline.bottom < bottom - 100 ? bottom : timeline.top) - top;
  const whole = (length: number): number => (parity === "even" ? 2 * Math.round(length / 2) : Math.round(length));
  const size = { width: whole(width * scale), height: whole(height * scale) };
  if (target.width !== size.width || target.height !== size.height) Object.assign(target, size);
  const context = target.getContext("2d");
  if (context === null) return;
  context.setTransform(scale, 0, 0, scale, -left * scale, -top * scale);
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(left, top, width, height);
  renderAllStages();
  for (const element of root.querySelectorAll<HTMLElement>("*")) paintElement(context, element);
}

function paintElement(context: CanvasRenderingContext2D, element: HTMLElement): void {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  if (style.visibility === "hidden" || box.width === 0 || box.height === 0) return;
  if (element.closest(CONTROLS) !== null || isScrolledAway(element, box)) return;
  if (element instanceof HTMLCanvasElement) context.drawImage(element, box.left, box.top, box.width, box.height);
  else if (!element.matches(WITHOUT_TEXT)) {
    paintBox(context, box, style);
    paintText(context, element, style);
  }
}

/** Whether the nearest list that scrolls hides (part of) the element. */
function isScrolledAway(element: HTMLElement, box: DOMRect): boolean {
  const scroller = element.parentElement?.closest(".side > :first-child, .motor-list, .scroller");
  if (scroller === null || scroller === undefined) return false;
  const shown = scroller.getBoundingClientRect();
  return box.bottom > shown.bottom + 1 || box.top < shown.top - 1;
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
