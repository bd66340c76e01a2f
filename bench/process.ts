/**
 * A process from its start to its end, with its time and memory.
 */

/** Time and memory of a process. */
export interface Taken {
  /** Wall time [s]. */
  readonly seconds: number;
  /** CPU time of all threads [s]. */
  readonly cpu: number;
  /** Largest memory [MB]. */
  readonly memory: number;
}

/** How often the process is sampled [ms]; its last moments of this length are missed. */
const INTERVAL = 20;
/** Linux counts CPU time in hundredths of a second. */
const TICKS = 100;

/**
 * Runs a program.
 *
 * @throws {Error} If it fails, with what it wrote to stderr
 */
export async function runMeasured(program: string, args: readonly string[]): Promise<Taken> {
  const start = performance.now();
  const process = new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let [cpu, memory] = [0, 0];
  const look = () => {
    try {
      // The name of the program, in brackets, may have blanks in it.
      const stat = Deno.readTextFileSync(`/proc/${process.pid}/stat`).replace(/^.*\) /s, "");
      const fields = stat.split(" ").map(Number);
      cpu = Math.max(cpu, (fields[11]! + fields[12]!) / TICKS);
      const status = Deno.readTextFileSync(`/proc/${process.pid}/status`);
      memory = Math.max(memory, Number(status.match(/VmHWM:\s+(\d+) kB/)?.[1] ?? 0) / 1000);
    } catch {
      // The process has ended.
    }
  };
  const timer = setInterval(look, INTERVAL);
  const { success, stderr } = await process.output();
  clearInterval(timer);
  if (!success) throw new Error(`Cannot run: ${new TextDecoder().decode(stderr)}`);
  return { seconds: (performance.now() - start) / 1000, cpu, memory };
}
