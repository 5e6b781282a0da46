// Checks the types of every project, tests, benches, examples and viewer included.
import { runCompiler } from "./typescript.mjs";
process.exit(runCompiler(["-b", "--pretty", ...process.argv.slice(2)]));
