// Prints the totals of a vitest JSON report as "N passed, N failed" and fails when nothing ran.
import { readFileSync } from "node:fs";
const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { numPassedTests: passed, numFailedTests: failed, numTotalTests: total } = report;
console.log(`${passed} passed, ${failed} failed, ${total - passed - failed} skipped`);
if (passed === 0 || failed > 0) process.exit(1);
