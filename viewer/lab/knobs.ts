/** An argument of a world that can be changed for a what-if, from any step: nothing that was drawn at the start depends on it. */
export interface Knob {
  readonly arg: string;
  readonly label: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** where the world itself starts from */
  readonly usual: number;
}

const knob = (
  arg: string,
  label: string,
  unit: string,
  [min, max, step]: readonly [number, number, number],
  usual = 0,
): Knob => ({
  arg,
  label,
  unit,
  min,
  max,
  step,
  usual,
});

const ROAD = [
  knob("sideWind", "Side wind", "m/s²", [-5, 5, 0.1]),
  knob("grip", "Grip of the tyres", "×", [0.3, 1.5, 0.05], 1),
  knob("steeringOffset", "Wheels misaligned", "rad", [-0.2, 0.2, 0.01]),
  knob("steeringLag", "Lag of the steering", "s", [0.02, 1, 0.02], 0.14),
  knob("dropRate", "Frames lost", "", [0, 0.9, 0.05]),
  knob("timeJitter", "Uneven periods", "±", [0, 0.9, 0.05]),
];
const CAMERA = [
  knob("noiseVariance", "Noise of the camera", "σ²", [0, 0.5, 0.01]),
  knob("occlusion", "Camera covered", "", [0, 1, 0.05]),
  knob("brightnessShift", "Brightness", "", [-1, 1, 0.05]),
];
const GAME = [knob("stickyActionProb", "Sticky actions", "", [0, 1, 0.05], 0.1)];

/** What can be changed about a world with these arguments. */
export function knobsOf(envId: string, envArgs: Readonly<Record<string, unknown>>): readonly Knob[] {
  if (envId.startsWith("LaneKeeping")) return envArgs["observation"] === "state" ? ROAD : [...ROAD, ...CAMERA];
  return envId.startsWith("MinAtar/") ? GAME : [];
}

/** Where a knob stands before anybody turns it. */
export function startOf({ arg, usual }: Knob, envArgs: Readonly<Record<string, unknown>>): number {
  const given = envArgs[arg];
  return typeof given === "number" ? given : usual;
}
