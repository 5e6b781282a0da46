// Removes build results.
import { rmSync } from "node:fs";
for (const path of ["dist", "envs/dist", "src/engine/kernels/kernels.generated.ts"])
  rmSync(path, { recursive: true, force: true });
