import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { cssValue, themeVersion } from "../app/theme.ts";
import { hostChart } from "./chart-host.ts";
import { metricNames, metricSeries, preferredMetric } from "./metric-names.ts";

/** What a learning curve needs. */
export interface MetricChartProps {
  readonly records: readonly Readonly<Record<string, number | null>>[];
  /** what to show first */
  readonly wishes: readonly RegExp[];
  readonly color: string;
  readonly label: string;
}

/** One number of the training over env steps, chosen from a list. */
export function MetricChart({ records, wishes, color, label }: MetricChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const [chosen, choose] = useState<string | null>(null);
  const names = useMemo(() => metricNames(records), [records]);
  const name = chosen !== null && names.includes(chosen) ? chosen : preferredMetric(names, wishes);
  const data = useMemo(
    () => (name === null ? [[], []] : metricSeries(records, name)) as [number[], number[]],
    [records, name],
  );
  const version = themeVersion.value;
  useEffect(() => {
    if (host.current === null) return;
    const hosted = hostChart(host.current, curveOptions(color), data);
    chart.current = hosted.chart;
    return () => {
      chart.current = null;
      hosted.destroy();
    };
  }, [version, color]);
  useEffect(() => chart.current?.setData(data), [data]);
  const latest = data[1].at(-1);
  return (
    <div class="curve" data-testid={`curve-${label}`}>
      {latest !== undefined && <span class="latest number">{compact(latest)}</span>}
      <select
        class="select"
        aria-label={`Curve: ${label}`}
        value={name ?? ""}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {names.map((n) => (
          <option key={n}>{n}</option>
        ))}
      </select>
      <div class="stage" ref={host} />
    </div>
  );
}

function curveOptions(color: string): Omit<uPlot.Options, "width" | "height"> {
  const axis = {
    stroke: cssValue("--muted"),
    grid: { stroke: cssValue("--line"), width: 1 },
    ticks: { show: false },
    font: "11px DejaVu Sans, sans-serif",
  };
  return {
    padding: [28, 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 7 }, drag: { x: true, y: false } },
    scales: { x: { time: false } },
    series: [{}, { stroke: cssValue(color), width: 1.75, points: { show: false } }],
    axes: [
      { ...axis, size: 24, space: 70, values: (_, splits) => splits.map(compact) },
      { ...axis, size: 50, gap: 6, space: 26, values: (_, splits) => splits.map(compact) },
    ],
  };
}

/** A number in few characters: 1,200 as 1.2k, small ones with three digits. */
export function compact(x: number): string {
  const size = Math.abs(x);
  if (size >= 1e6) return `${trim(x / 1e6)}M`;
  if (size >= 1e3) return `${trim(x / 1e3)}k`;
  if (size > 0 && size < 0.001) return x.toExponential(0);
  return trim(x);
}
const trim = (x: number): string => String(Number(x.toPrecision(3)));
