// Everything the compiled module exports. One line per kernel family; signatures and meaning in ../kernels.ts.
export { version } from "./version";
export { activate, activateBackward, exp, log, softplus } from "./activation";
export { adam } from "./adam";
export { affineBackward, affineForward } from "./affine";
export { categoricalPpo } from "./categorical";
export { cfcBackward, cfcForward, gateBackward, gateForward, pureBackward, pureForward } from "./cfc";
export { addDiagonalGradient, cfcDiagonalBackward, cfcDiagonalForward } from "./cfc-diagonal";
export { convForward, convInputGradient, convWeightGradient } from "./conv";
export { gaussianPpo } from "./gaussian";
export { addColumnSums, gemm, gemmTransposed, packColumns, packRows } from "./gemm";
export { gruBackward, gruForward, lstmBackward, lstmForward } from "./lstm";
export { fromLanes, ltcAdvance, ltcAdvanceBackward, ltcCurrents, ltcCurrentsBackward, toLanes } from "./ltc";
export { copyUnlessStart, zeroWhereStart } from "./state";
export { placeBytes, placeFloats, sumByteSquares, sumBytes } from "./image";
export { perFilterBackward, perFilterForward } from "./per-filter";
export { winogradInput, winogradInputGradient } from "./winograd-input";
export { winogradOutput, winogradOutputGradient } from "./winograd-output";
export { valueLoss } from "./value-loss";
export {
  addProduct,
  addScaled,
  allFinite,
  fill,
  gatherColumns,
  maskInto,
  scatterColumns,
  signFactors,
  sumSquares,
} from "./vector";
