// Fixed places at the start of memory (below `RESERVED_BYTES` of the memory plan) where products pack blocks of their factors, so that the
// inner loops read in order whatever the strides of the matrices are.

/** Depth of a block: steps of K done before moving on. Two panels of 256 x 8 numbers are 16 KB and stay in the first-level cache. */
export const KC: i32 = 256;
/** Rows of a block of A: 64 x 256 numbers, 64 KB, stay in the second-level cache. */
export const MC: i32 = 64;
/** Columns of a block of B. */
export const NC: i32 = 128;

/** A block of A in strips of two rows: [ceil(rows / 2)][depth][2]; a missing row repeats the one beside it. */
export const STRIPS: usize = 0x10000;
/** A block of B in panels of 8 columns: [ceil(cols / 8)][depth][8]. */
export const PANELS: usize = 0x20000;
