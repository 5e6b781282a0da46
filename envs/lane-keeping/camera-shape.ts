/** Pixels and optics of a forward camera whose axis is level. Rows are cut so that the horizon lies where wanted. */
export interface CameraShape {
  readonly height: number;
  readonly width: number;
  /** Horizontal field of view [rad]. */
  readonly fieldOfView: number;
  /** Height of the horizon as a share of the image, from the top. */
  readonly horizon: number;
  /** Height above the ground, and distance ahead of the centre of mass [m]. */
  readonly above: number;
  readonly ahead: number;
}

const OPTICS = { fieldOfView: (70 * Math.PI) / 180, horizon: 0.22, above: 1.4, ahead: 1.2 } as const;

/** The camera of the NCP driving experiments, 78 × 200, and half of it in each direction. */
export const CAMERA_SHAPES = {
  small: { height: 39, width: 100, ...OPTICS },
  full: { height: 78, width: 200, ...OPTICS },
} as const satisfies Readonly<Record<string, CameraShape>>;

/** Name of a camera size. */
export type CameraSize = keyof typeof CAMERA_SHAPES;

/** Bytes of one image: height × width × 3. */
export const imageSize = (shape: CameraShape): number => shape.height * shape.width * 3;
