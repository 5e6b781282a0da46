// Compiles the AssemblyScript kernels and embeds the module as base64, so that Node, worker threads and the page load it the same way.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const entry = "src/engine/kernels/assembly/index.ts";
const target = `${root}src/engine/kernels/kernels.generated.ts`;

const { error, stderr, stdout } = await asc.main(
  [
    entry,
    "--baseDir",
    root,
    "--outFile",
    "dist/kernels.wasm",
    "--runtime",
    "stub",
    "--importMemory",
    "--initialMemory",
    "1",
    "--enable",
    "simd",
    "--optimizeLevel",
    "3",
    "--noAssert",
    "--uncheckedBehavior",
    "always",
  ],
  {
    // asc resolves names against baseDir; writing goes through us to create the folder first.
    async writeFile(name, data, baseDir) {
      await mkdir(`${root}dist`, { recursive: true });
      await writeFile(`${baseDir}/${name}`, data);
    },
  },
);
if (error) {
  process.stderr.write(stderr.toString());
  throw error;
}
process.stdout.write(stdout.toString());
const wasm = await readFile(`${root}dist/kernels.wasm`);
const text =
  `// Written by scripts/build-kernels.mjs from the AssemblyScript sources; ${wasm.length} bytes of WebAssembly.\n` +
  `/** The compiled kernels as base64. */\nexport const kernelsBase64 =\n  "${wasm.toString("base64")}";\n`;
if (!existsSync(target) || (await readFile(target, "utf8")) !== text) await writeFile(target, text);
console.log(`kernels: ${wasm.length} bytes`);
