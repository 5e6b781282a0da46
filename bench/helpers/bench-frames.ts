import { fastMathKernels } from "../../agents/workers/fast-math.ts";
import type { KernelBuild } from "../../src/engine/index.ts";
import { measureTwoThreads } from "./frames-two-threads.ts";
import { type FramesWorkload, makeUpdate } from "./frames-workload.ts";
import { median } from "./median.ts";
import { runPeer } from "./peer.ts";
import { timed } from "./timed.ts";

/** What a PyTorch peer prints. */
interface PeerTimes {
  readonly updateMs: number;
  readonly cpuMs: number;
  readonly threads: number;
}

/** Checks the gradient, times the update with both builds of the kernels, in two threads, and its PyTorch peer; prints one JSON object. */
export async function benchFrames(workload: FramesWorkload): Promise<void> {
  const isQuick = process.argv.includes("--quick");
  const rounds = isQuick ? 3 : 15;
  const plain = measure(workload, rounds);
  const fastMath = measureFastMath(workload, rounds);
  const twoThreads = { updateMs: await measureTwoThreads(workload, rounds) };
  const peer = (threads: number) => (isQuick ? null : runPeer<PeerTimes>(workload.peer, ["10", String(threads)]));
  const [torch, torchTwoThreads] = [peer(1), peer(2)];
  const ratio = (theirs: number | undefined, ms: number) => theirs && Number((theirs / ms).toFixed(2));
  const timesFaster = torch && {
    plain: ratio(torch.cpuMs, plain.cpuMs),
    ...(fastMath !== null && { fastMath: ratio(torch.cpuMs, fastMath.cpuMs) }),
    twoThreads: ratio(torchTwoThreads?.updateMs, twoThreads.updateMs),
  };
  const about = { bench: workload.bench, node: process.version };
  console.log(JSON.stringify({ ...about, ...plain, fastMath, twoThreads, torch, torchTwoThreads, timesFaster }));
}

function measure(workload: FramesWorkload, rounds: number, build?: KernelBuild): { updateMs: number; cpuMs: number } {
  const { check, gradient, step } = makeUpdate(workload, build);
  check();
  const update = (): void => {
    gradient();
    step();
  };
  update();
  const times = Array.from({ length: rounds }, () => timed(update));
  const middle = (key: "wallMs" | "cpuMs"): number => Number(median(times.map((t) => t[key])).toFixed(2));
  return { updateMs: middle("wallMs"), cpuMs: middle("cpuMs") };
}

/** null where the platform has no relaxed SIMD. */
function measureFastMath(workload: FramesWorkload, rounds: number): ReturnType<typeof measure> | null {
  try {
    return measure(workload, rounds, fastMathKernels);
  } catch (error) {
    if ((error as { code?: string }).code === "no-relaxed-simd") return null;
    throw error;
  }
}
