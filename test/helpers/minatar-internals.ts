import { ASTERIX as asterix } from "../../envs/minatar/asterix/state.ts";
import { BREAKOUT as breakout } from "../../envs/minatar/breakout/state.ts";
import { FREEWAY as freeway } from "../../envs/minatar/freeway/state.ts";
import { SHARED } from "../../envs/minatar/game.ts";
import type { RecordList } from "../../envs/minatar/seaquest/record-list.ts";
import { SEAQUEST as seaquest } from "../../envs/minatar/seaquest/state.ts";
import { SPACE_INVADERS as invaders } from "../../envs/minatar/space-invaders/state.ts";

/** A game's state under the names that golden files give to the reference's attributes. */
export function internals(name: string, s: Int32Array): Record<string, unknown> {
  const describe = DESCRIBE[name];
  if (!describe) throw new Error(`no internals of ${name}`);
  return { ...describe(s), terminal: s[SHARED.TERMINAL] === 1 };
}

const DESCRIBE: Record<string, (s: Int32Array) => Record<string, unknown>> = {
  Asterix: (s) => ({
    player_x: s[asterix.PLAYER_X],
    player_y: s[asterix.PLAYER_Y],
    entities: Array.from({ length: asterix.NUM_SLOTS }, (_, i) => {
      const at = asterix.SLOTS + i * asterix.SLOT_SIZE;
      const kind = s[at + asterix.KIND];
      if (kind === asterix.NONE) return null;
      return [s[at + asterix.X], i + 1, s[at + asterix.MOVES_RIGHT] === 1, kind === asterix.GOLD];
    }),
    spawn_speed: s[asterix.SPAWN_SPEED],
    spawn_timer: s[asterix.SPAWN_TIMER],
    move_speed: s[asterix.MOVE_SPEED],
    move_timer: s[asterix.MOVE_TIMER],
    ramp_timer: s[asterix.RAMP_TIMER],
    ramp_index: s[asterix.RAMP_INDEX],
  }),
  Breakout: (s) => ({
    ball_x: s[breakout.BALL_X],
    ball_y: s[breakout.BALL_Y],
    ball_dir: s[breakout.BALL_DIR],
    pos: s[breakout.PADDLE_X],
    brick_map: cells(s, breakout.BRICKS, breakout.BRICK_ROWS, 1),
    strike: s[breakout.STRIKE] === 1,
    last_x: s[breakout.TRAIL_X],
    last_y: s[breakout.TRAIL_Y],
  }),
  Freeway: (s) => ({
    cars: Array.from({ length: freeway.NUM_CARS }, (_, i) => {
      const at = freeway.CARS + i * freeway.CAR_SIZE;
      return [s[at + freeway.X], i + 1, s[at + freeway.TIMER], s[at + freeway.SPEED]];
    }),
    pos: s[freeway.CHICKEN_Y],
    move_timer: s[freeway.MOVE_TIMER],
    terminate_timer: s[freeway.COUNTDOWN],
  }),
  Seaquest: (s) => ({
    oxygen: s[seaquest.OXYGEN],
    diver_count: s[seaquest.DIVERS_CARRIED],
    sub_x: s[seaquest.SUB_X],
    sub_y: s[seaquest.SUB_Y],
    sub_or: s[seaquest.FACES_RIGHT] === 1,
    f_bullets: records(s, seaquest.FRIENDLY_BULLETS),
    e_bullets: records(s, seaquest.ENEMY_BULLETS),
    e_fish: records(s, seaquest.FISH),
    e_subs: records(s, seaquest.ENEMY_SUBS),
    divers: records(s, seaquest.DIVERS),
    e_spawn_speed: s[seaquest.ENEMY_SPAWN_SPEED],
    e_spawn_timer: s[seaquest.ENEMY_SPAWN_TIMER],
    d_spawn_timer: s[seaquest.DIVER_SPAWN_TIMER],
    move_speed: s[seaquest.MOVE_SPEED],
    ramp_index: s[seaquest.RAMP_INDEX],
    shot_timer: s[seaquest.SHOT_TIMER],
    surface: s[seaquest.IS_SURFACED] === 1,
  }),
  SpaceInvaders: (s) => ({
    pos: s[invaders.CANNON_X],
    f_bullet_map: cells(s, invaders.FRIENDLY_BULLETS, 10, 0),
    e_bullet_map: cells(s, invaders.ENEMY_BULLETS, 10, 0),
    alien_map: cells(s, invaders.ALIENS, 10, 0),
    alien_dir: s[invaders.ALIEN_DIR],
    enemy_move_interval: s[invaders.MOVE_INTERVAL],
    alien_move_timer: s[invaders.MOVE_TIMER],
    alien_shot_timer: s[invaders.ALIEN_SHOT_TIMER],
    ramp_index: s[invaders.RAMP_INDEX],
    shot_timer: s[invaders.SHOT_TIMER],
  }),
};

/** Set bits of `numRows` row masks as [row, column], in row-major order; the first mask is row `firstRow`. */
function cells(s: Int32Array, at: number, numRows: number, firstRow: number): [number, number][] {
  const found: [number, number][] = [];
  for (let row = 0; row < numRows; row++) {
    for (let x = 0; x < 10; x++) if ((s[at + row]! >> x) & 1) found.push([row + firstRow, x]);
  }
  return found;
}

/** The records of a list; their third word is a truth value. */
function records(s: Int32Array, list: RecordList): unknown[][] {
  return Array.from({ length: list.count(s) }, (_, i) => {
    const at = list.record(i);
    return Array.from(s.subarray(at, at + list.size), (word, j) => (j === 2 ? word === 1 : word));
  });
}
