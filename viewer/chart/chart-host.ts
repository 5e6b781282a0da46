import uPlot from "uplot";

/** Makes a chart in `host` that follows its size. Returns the chart and what undoes it. */
export function hostChart(
  host: HTMLElement,
  options: Omit<uPlot.Options, "width" | "height">,
  data: uPlot.AlignedData,
): { readonly chart: uPlot; destroy(): void } {
  const size = (): { width: number; height: number } => ({
    width: Math.max(40, host.clientWidth),
    height: Math.max(40, host.clientHeight),
  });
  const chart = new uPlot({ ...options, ...size() }, data, host);
  const observer = new ResizeObserver(() => chart.setSize(size()));
  observer.observe(host);
  return {
    chart,
    destroy: () => {
      observer.disconnect();
      chart.destroy();
    },
  };
}
