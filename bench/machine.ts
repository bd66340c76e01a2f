/**
 * The description of the machine in a CPU benchmark.
 */

/** The processor's name and its number of threads. */
export async function machineName(): Promise<string> {
  const info = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const model = info.match(/model name\s*: (.*)/)?.[1] ?? Deno.build.arch;
  const family = info.match(/cpu family\s*: (.*)/)?.[1];
  return `${model}${family ? ` family ${family}` : ""}, ${navigator.hardwareConcurrency} threads`;
}

const SPIN = `self.onmessage = () => { let x = 1; const s = performance.now();
  for (let i = 0; i < 3e8; i++) x = Math.imul(x, 3) ^ i;
  self.postMessage([performance.now() - s, x]); };`;

/** Milliseconds that a spinning worker takes. */
function spin(): Promise<number> {
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(SPIN)}`, { type: "module" });
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => {
      worker.terminate();
      resolve(data[0]);
    };
    worker.postMessage(0);
  });
}

/** How much faster two workers spin than one does alone: 2 on two real cores. */
export async function measureParallelism(): Promise<number> {
  const alone = await spin();
  const together = Math.max(...await Promise.all([spin(), spin()]));
  return 2 * alone / together;
}
