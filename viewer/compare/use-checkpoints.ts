import { useEffect, useState } from "preact/hooks";
import type { CheckpointEntry } from "../../src/protocol/index.ts";
import type { Backend } from "../source/backend.ts";

interface Kept {
  readonly run: number;
  readonly checkpoints: readonly CheckpointEntry[];
}

/** The policies that a run kept: none until they have come, and never those of a run that was looked at before. */
export function useCheckpoints(backend: Backend, run: number | null): readonly CheckpointEntry[] {
  const [kept, setKept] = useState<Kept | null>(null);
  useEffect(() => {
    if (run === null) return;
    let isGone = false;
    const show = (checkpoints: readonly CheckpointEntry[]): void => {
      if (!isGone) setKept({ run, checkpoints });
    };
    void backend.checkpoints(run).then(show, () => show([]));
    return () => {
      isGone = true;
    };
  }, [backend, run]);
  return kept?.run === run ? kept.checkpoints : [];
}
