export { RESAMPLES, interval95, resampledRuns, stratifiedInterval } from "./bootstrap.ts";
export { type Chart, type ReferenceLine, type Series, chartRange } from "./chart.ts";
export { chartsFrame, seriesColor } from "./chart-frame.ts";
export { escaped, frameSvg } from "./frame-svg.ts";
export { type Curve, groupSeries, smoothed, valueAt } from "./learning-curve.ts";
export { terminalChart } from "./terminal-chart.ts";
export { tickText, ticks } from "./ticks.ts";
