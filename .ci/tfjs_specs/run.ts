/**
 * Runs tfjs-core's own specs, from its npm package, on the cpu backend, on the wasm backend as
 * shipped, and on the wasm backend with the training kernels. Fails if a spec that passes on the
 * shipped wasm backend does not with the kernels, if a gradient spec that passes on cpu does not,
 * or if another one fails for none of the reasons in known.ts. Then trains one small network in
 * Node, Bun, Deno and a page (alone.ts).
 *
 * Needs node, npm and the network. Nothing of tfjs's specs is kept. (tfjs-layers and the backends
 * ship no specs in their packages.)
 */
import type { Reason } from "./known.ts";
import { testAlone } from "./alone.ts";
import { REASONS } from "./known.ts";
import { run } from "./process.ts";

const PACKAGES = [
  "@tensorflow/tfjs-core@4.22.0",
  "@tensorflow/tfjs-backend-cpu@4.22.0",
  "@tensorflow/tfjs-backend-wasm@4.22.0",
  "@tensorflow/tfjs-layers@4.22.0",
  "jasmine-core@5.1.2",
  "esbuild@0.25.0",
  "bun@1.4.5",
];
const CONTESTANTS = ["cpu", "stock", "ours"] as const;

interface Spec {
  readonly name: string;
  readonly status: string;
  readonly why: string;
}

/** Writes a line. */
function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

async function build(folder: string): Promise<void> {
  await run("npm", ["install", "--no-audit", "--no-fund", "--prefix", folder, ...PACKAGES], folder);
  await run("node_modules/.bin/esbuild", [
    new URL("./contestant.ts", import.meta.url).pathname,
    "--bundle",
    "--platform=node",
    "--format=cjs",
    "--main-fields=module,main",
    "--ignore-annotations",
    "--outfile=specs.cjs",
    "--log-level=error",
  ], folder);
}

async function runSpecs(folder: string, contestant: string): Promise<Map<string, Spec>> {
  const file = `${folder}/${contestant}.json`;
  const wasm = `${folder}/node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/`;
  await run("node", ["specs.cjs", contestant, file, wasm], folder);
  const specs: Spec[] = JSON.parse(await Deno.readTextFile(file));
  // Some names are given twice, to be told apart by their order.
  const times = new Map<string, number>();
  return new Map(specs.map((spec) => {
    const time = (times.get(spec.name) ?? 0) + 1;
    times.set(spec.name, time);
    const name = time === 1 ? spec.name : `${spec.name} (${time})`;
    return [name, { ...spec, name }];
  }));
}

const isMet = ({ name, why }: Reason, spec: Spec): boolean =>
  (name?.test(spec.name) ?? false) || (why?.test(spec.why) ?? false);

function count(specs: ReadonlyMap<string, Spec>, status: string): number {
  return [...specs.values()].filter((spec) => spec.status === status).length;
}

function list(title: string, specs: readonly Spec[]): void {
  print(`${title}: ${specs.length}`);
  for (const { name, why } of specs) print(`  ${name}\n    ${why}`);
}

const folder = await Deno.makeTempDir({ prefix: "tfjs_specs_" });
try {
  await build(folder);
  const [cpu, stock, ours] = await Promise.all(
    CONTESTANTS.map((contestant) => runSpecs(folder, contestant)),
  ) as [Map<string, Spec>, Map<string, Spec>, Map<string, Spec>];
  const passes = (specs: ReadonlyMap<string, Spec>, { name }: Spec) =>
    specs.get(name)?.status === "passed";
  for (const [i, specs] of [cpu, stock, ours].entries()) {
    print(
      `${CONTESTANTS[i]}: ${count(specs, "passed")} pass, ${count(specs, "failed")} fail`,
    );
  }
  const failed = [...ours.values()].filter(({ status }) => status === "failed");
  const regressions = failed.filter((spec) => passes(stock, spec));
  const gradients = failed.filter((spec) =>
    passes(cpu, spec) && /grad|backprop|derivative/i.test(spec.name)
  );
  const unexplained = failed.filter((spec) => !REASONS.some((reason) => isMet(reason, spec)));
  for (const reason of REASONS) {
    const met = failed.filter((spec) => isMet(reason, spec)).length;
    print(`${met} fail for this reason: ${reason.reason}`);
  }
  list("pass on wasm as shipped and fail with the kernels", regressions);
  list("gradient specs that pass on cpu and fail with the kernels", gradients);
  list("fail for no known reason", unexplained);
  const bad = regressions.length + gradients.length + unexplained.length;
  const isAlone = await testAlone(folder, print);
  if (!isAlone || bad > 0 || count(cpu, "passed") < 4000) Deno.exit(1);
} finally {
  await Deno.remove(folder, { recursive: true });
}
