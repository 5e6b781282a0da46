import type { Color, Frame, Primitive } from "gymnasium-js";

/** Cap height of common sans-serif faces per font size. */
const CAP_HEIGHT = 0.716;

/**
 * A picture of polygons, lines, circles and text as a standalone SVG document, one unit per world unit, y downwards.
 *
 * Throws RangeError on sprites, images and pictures whose y grows upwards: charts have none.
 */
export function frameSvg({ view, yAxis, background, primitives }: Frame): string {
  if (yAxis !== "down") throw new RangeError("frameSvg: only pictures whose y grows downwards");
  const box = `${round(view.x)} ${round(view.y)} ${round(view.width)} ${round(view.height)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="${round(view.width)}" height="${round(view.height)}" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif">`,
    `<rect x="${round(view.x)}" y="${round(view.y)}" width="${round(view.width)}" height="${round(view.height)}" fill="${hex(background)}"/>`,
    ...primitives.map(element),
    "</svg>\n",
  ].join("\n");
}

function element(primitive: Primitive): string {
  switch (primitive.kind) {
    case "polygon":
      return `<polygon points="${pairs(primitive.points)}"${paint(primitive)}/>`;
    case "circle":
      return `<circle cx="${round(primitive.x)}" cy="${round(primitive.y)}" r="${round(primitive.radius)}"${paint(primitive)}/>`;
    case "line":
      return `<polyline points="${pairs(primitive.points)}" fill="none" stroke="${hex(primitive.stroke)}" stroke-width="${round(primitive.width)}" stroke-linejoin="round"${opacity(primitive.alpha)}/>`;
    case "text": {
      const { x, y, size, fill, align = "left", text } = primitive;
      const anchor = { left: "start", center: "middle", right: "end" }[align];
      return `<text x="${round(x)}" y="${round(y)}" font-size="${round(size / CAP_HEIGHT)}" fill="${hex(fill)}" text-anchor="${anchor}">${escaped(text)}</text>`;
    }
    case "sprite":
    case "image":
      throw new RangeError(`frameSvg: ${primitive.kind} primitives are pixels, not shapes`);
    default:
      return primitive satisfies never;
  }
}

function paint({
  fill,
  stroke,
  strokeWidth = 1,
  alpha,
}: Readonly<{ fill?: Color; stroke?: Color; strokeWidth?: number; alpha?: number }>): string {
  const outline = stroke === undefined ? "" : ` stroke="${hex(stroke)}" stroke-width="${round(strokeWidth)}"`;
  return ` fill="${fill === undefined ? "none" : hex(fill)}"${outline}${opacity(alpha)}`;
}

const opacity = (alpha: number | undefined): string => (alpha === undefined ? "" : ` opacity="${alpha}"`);
const hex = (color: Color): string => `#${color.toString(16).padStart(6, "0")}`;
const round = (value: number): string => String(Math.round(100 * value) / 100);
const pairs = (points: readonly number[]): string => points.map(round).join(" ");
/** Text for an SVG or HTML document. */
export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
