import type { Frame, Primitive } from "../frame.ts";
import { HEADING, SPEED, X, Y } from "./bicycle.ts";
import { imageSize } from "./camera-shape.ts";
import { carPrimitives, pathAhead } from "./car-picture.ts";
import type { DriveState } from "./drive-state.ts";
import { observeCamera } from "./observe.ts";
import { toColor } from "./picture-color.ts";
import { roadPrimitives } from "./road-picture.ts";
import { treePrimitives } from "./tree-picture.ts";

/** Size of the part of the world that is shown [m], and how far ahead of the car its middle lies. */
const VIEW_WIDTH = 72;
const VIEW_HEIGHT = 48;
const VIEW_AHEAD = 13;
/** Width of the camera image in the corner, and of the margin around it [m]. */
const INSET_WIDTH = 26;
const MARGIN = 1.2;

/** A drive from above, north up: the road ahead, the car and where its wheels point, and the camera's image in a corner. */
export function drawDrive(drive: DriveState): Frame {
  const { state } = drive.vehicle;
  const heading = state[HEADING]!;
  const view = {
    x: state[X]! + VIEW_AHEAD * Math.cos(heading) - VIEW_WIDTH / 2,
    y: state[Y]! + VIEW_AHEAD * Math.sin(heading) - VIEW_HEIGHT / 2,
    width: VIEW_WIDTH,
    height: VIEW_HEIGHT,
  };
  const { look } = drive.scene;
  return {
    view,
    yAxis: "up",
    background: toColor(look.grass, 1.1),
    primitives: [
      ...roadPrimitives(drive.scene, drive.position.station, view),
      ...pathAhead(drive.vehicle),
      ...treePrimitives(drive.scene, drive.position.station, view),
      ...carPrimitives(drive.vehicle, drive.hasCrashed),
      ...inset(drive, view),
      ...readings(drive, view),
    ],
  };
}

function inset(drive: DriveState, view: Frame["view"]): Primitive[] {
  const { shape } = drive.scene.camera;
  const pixels = new Uint8Array(imageSize(shape));
  observeCamera(drive, pixels, 0);
  const height = (INSET_WIDTH * shape.height) / shape.width;
  const x = view.x + MARGIN;
  const y = view.y + view.height - MARGIN - height;
  const edge = 0.25;
  return [
    { kind: "polygon", points: box(x - edge, y - edge, INSET_WIDTH + 2 * edge, height + 2 * edge), fill: 0xf4f4f0 },
    {
      kind: "image",
      x,
      y,
      width: INSET_WIDTH,
      height,
      pixelWidth: shape.width,
      pixelHeight: shape.height,
      channels: 3,
      pixels,
    },
  ];
}

function readings(drive: DriveState, view: Frame["view"]): Primitive[] {
  const { position, vehicle } = drive;
  const lines = [
    `${(vehicle.state[SPEED]! * 3.6).toFixed(0)} km/h`,
    `${position.lateral >= 0 ? "+" : ""}${position.lateral.toFixed(2)} m`,
    `${Math.max(0, drive.distance).toFixed(0)} m`,
  ];
  const x = view.x + view.width - MARGIN;
  const top = view.y + view.height - MARGIN;
  const panel = box(x - 11.4, top - 6.4, 11.4 + 0.2, 6.6);
  return [
    { kind: "polygon", points: panel, fill: 0x101418, alpha: 0.55 },
    ...lines.map((text, i): Primitive => ({
      kind: "text",
      text,
      x: x - 0.5,
      y: top - 1.7 - 2 * i,
      size: 1.2,
      fill: 0xf4f4f0,
      align: "right",
    })),
  ];
}

function box(x: number, y: number, width: number, height: number): readonly number[] {
  return [x, y, x + width, y, x + width, y + height, x, y + height];
}
