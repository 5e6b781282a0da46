/** How a world is made; JSON-serialisable. */
export interface EnvSpec {
  readonly id: string;
  readonly maxEpisodeSteps: number | null;
  readonly rewardThreshold: number | null;
  readonly kwargs: Readonly<Record<string, unknown>>;
}
