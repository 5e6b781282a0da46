// Compiles the AssemblyScript kernels and embeds the module as base64, so that Node, worker threads and the page load it the same way. The
// fast-math build (relaxed SIMD) stays a file that only training reads.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = `${root}src/engine/kernels/kernels.generated.ts`;

const wasm = await compile("dist/kernels.wasm", []);
const text =
  `// Written by scripts/build-kernels.mjs from the AssemblyScript sources; ${wasm.length} bytes of WebAssembly.\n` +
  `/** The compiled kernels as base64. */\nexport const kernelsBase64 =\n  "${wasm.toString("base64")}";\n`;
if (!existsSync(target) || (await readFile(target, "utf8")) !== text) await writeFile(target, text);
const fast = await compile("dist/agents/workers/fast-math.wasm", ["--enable", "relaxed-simd"]);
console.log(`kernels: ${wasm.length} bytes, with fast math ${fast.length} bytes`);

async function compile(outFile, flags) {
  const { error, stderr } = await asc.main(
    [
      "src/engine/kernels/assembly/index.ts",
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
