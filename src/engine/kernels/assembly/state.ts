// Rows of state at the start of an episode.

/** to[b, :] <- from[b, :], or zero where flag[b] is set. Rows of Hp numbers. */
export function copyUnlessStart(to: usize, from: usize, flag: usize, B: i32, Hp: i32): void {
  const bytes = <usize>Hp << 2;
  for (let b = 0; b < B; b++) {
    const isStart = load<u8>(flag + b) != 0;
    for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, isStart ? f32x4.splat(0) : v128.load(from + i));
    to += bytes;
    from += bytes;
  }
}

/** x[b, :] <- 0 where flag[b] is set: its derivative. */
export function zeroWhereStart(x: usize, flag: usize, B: i32, Hp: i32): void {
  const bytes = <usize>Hp << 2;
  for (let b = 0; b < B; b++) if (load<u8>(flag + b)) memory.fill(x + <usize>b * bytes, 0, bytes);
}
