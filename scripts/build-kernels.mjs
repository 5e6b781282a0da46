// Compiles the AssemblyScript modules and embeds them as base64, so that Node, worker threads and pages load them the same way. The
// fast-math build of the kernels (relaxed SIMD) stays a file that only training reads.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const kernels = await compile("index", "dist/kernels.wasm", []);
await embed(kernels, "kernels", "src/engine/kernels/kernels.generated.ts", "kernelsBase64");
const fast = await compile("index", "dist/agents/workers/fast-math.wasm", ["--enable", "relaxed-simd"]);
const machine = await compile("step-machine", "dist/step-machine.wasm", []);
await embed(machine, "step machine", "src/export/js/step-machine.generated.ts", "stepMachineBase64");
console.log(
  `kernels: ${kernels.length} bytes, with fast math ${fast.length} bytes; step machine: ${machine.length} bytes`,
);

async function embed(wasm, what, target, constant) {
  const path = `${root}${target}`;
  const text =
    `// Written by scripts/build-kernels.mjs from the AssemblyScript sources; ${wasm.length} bytes of WebAssembly.\n` +
    `/** The compiled ${what} as base64. */\nexport const ${constant} =\n  "${wasm.toString("base64")}";\n`;
  if (!existsSync(path) || (await readFile(path, "utf8")) !== text) await writeFile(path, text);
}

async function compile(entry, outFile, flags) {
  const { error, stderr } = await asc.main(
    [
      `src/engine/kernels/assembly/${entry}.ts`,
      "--baseDir",
      root,
      "--outFile",
      outFile,
      "--runtime",
      "stub",
      "--importMemory",
      "--initialMemory",
      "1",
      "--enable",
      "simd",
      ...flags,
      "--optimizeLevel",
      "3",
      "--noAssert",
      "--uncheckedBehavior",
      "always",
    ],
    {
      // asc resolves names against baseDir; writing goes through us to create the folder first.
      async writeFile(file, data, baseDir) {
        await mkdir(dirname(`${baseDir}/${file}`), { recursive: true });
        await writeFile(`${baseDir}/${file}`, data);
      },
    },
  );
  if (error) {
    process.stderr.write(stderr.toString());
    throw error;
  }
  return readFile(`${root}${outFile}`);
}
