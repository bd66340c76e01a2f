/**
 * Jasmine on globalThis, as tfjs's specs expect it, with its results written as JSON to the file
 * named by the third argument. It is bundled by run.ts and runs in Node.
 */
import { writeFileSync } from "node:fs";
import process from "node:process";
import jasmineRequire from "jasmine-core/lib/jasmine-core/jasmine.js";

const core = jasmineRequire.core(jasmineRequire);
const environment = core.getEnv({ suppressLoadErrors: true });
Object.assign(globalThis, jasmineRequire.interface(core, environment), { jasmine: core });
environment.configure({ random: false });

const results: { name: string; status: string; why: string }[] = [];
environment.addReporter({
  specDone({ fullName, status, failedExpectations }) {
    const why = failedExpectations[0]?.message ?? "";
    results.push({ name: fullName, status, why: why.split("\n")[0]!.slice(0, 200) });
  },
  jasmineDone() {
    writeFileSync(process.argv[3]!, JSON.stringify(results));
    setTimeout(() => process.exit(0), 10);
  },
});

/** Runs what was described. */
export function runSpecs(): void {
  environment.execute();
}
