/**
 * Where benchmarks write: stdout, and bench/results.
 */
import type { Results } from "./results.ts";

/** Prints text and ends its line. */
export async function print(text: string): Promise<void> {
  const bytes = new TextEncoder().encode(`${text}\n`);
  let written = 0;
  while (written < bytes.length) written += await Deno.stdout.write(bytes.subarray(written));
}

/** bench/results/<machine>.json. */
export function fileName(machine: string): string {
  const name = machine.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");
  return new URL(`results/${name}.json`, import.meta.url).pathname;
}

/** Writes a run's results. */
export async function writeResults(results: Results, file: string): Promise<void> {
  await Deno.mkdir(file.replace(/[^/]*$/, "") || ".", { recursive: true });
  await Deno.writeTextFile(file, `${JSON.stringify(results, null, 2)}\n`);
}
