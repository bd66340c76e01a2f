/**
 * Runs tfjs-core's own specs, from its npm package, on the cpu backend, on the wasm backend as
 * shipped, and on the wasm backend with the training kernels. Fails if a spec that passes on the
 * shipped wasm backend does not with the kernels, if a gradient spec that passes on cpu does not,
 * or if another one fails for none of the reasons in known.ts. Then trains one small network in
 * Node, Bun, Deno and a page (alone.ts). Ends with "N passed, N failed", one for each check.
 *
 * Needs node, npm and the network. Nothing of tfjs's specs is kept. (tfjs-layers and the backends
 * ship no specs in their packages.)
 */
import type { Check } from "./alone.ts";
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

/** The specs of tfjs-core 4.22 and those of gradients: with fewer, the run is not whole. */
const [SPECS, GRADIENT_SPECS] = [4225, 542];

interface Spec {
  readonly name: string;
  readonly status: string;
  readonly why: string;
}

type Specs = ReadonlyMap<string, Spec>;

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

async function runSpecs(folder: string, contestant: string): Promise<Specs> {
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

function count(specs: Specs, status: string): number {
  return [...specs.values()].filter((spec) => spec.status === status).length;
}

function list(title: string, specs: readonly Spec[]): void {
  print(`${title}: ${specs.length}`);
  for (const { name, why } of specs) print(`  ${name}\n    ${why}`);
}

/** Prints the counts and the specs that should not fail, and gives the checks with what they found. */
function judge(cpu: Specs, stock: Specs, ours: Specs): Check[] {
  const passes = (specs: Specs, { name }: Spec) => specs.get(name)?.status === "passed";
  for (const [i, specs] of [cpu, stock, ours].entries()) {
    print(`${CONTESTANTS[i]}: ${count(specs, "passed")} pass, ${count(specs, "failed")} fail`);
  }
  const isGradient = ({ name }: Spec) => /grad|backprop|derivative/i.test(name);
  const gradients = [...cpu.values()].filter((spec) => isGradient(spec) && passes(cpu, spec));
  for (const [i, specs] of [cpu, stock, ours].entries()) {
    const passed = gradients.filter((spec) => passes(specs, spec)).length;
    print(`${CONTESTANTS[i]}: ${passed} of ${gradients.length} gradient specs pass`);
  }
  const failed = [...ours.values()].filter(({ status }) => status === "failed");
  for (const reason of REASONS) {
    const met = failed.filter((spec) => isMet(reason, spec)).length;
    print(`${met} fail for this reason: ${reason.reason}`);
  }
  const bad: [string, readonly Spec[]][] = [
    ["pass on wasm as shipped and fail with the kernels", failed.filter((s) => passes(stock, s))],
    [
      "gradient specs that pass on cpu and fail with the kernels",
      gradients.filter((spec) => !passes(ours, spec)),
    ],
    [
      "fail for no known reason",
      failed.filter((spec) => !REASONS.some((reason) => isMet(reason, spec))),
    ],
  ];
  for (const [title, specs] of bad) list(title, specs);
  return [
    ["all specs ran", [cpu, stock, ours].every((specs) => specs.size >= SPECS)],
    ["all gradient specs ran", gradients.length >= GRADIENT_SPECS],
    ["cpu passes all of its specs", count(cpu, "failed") === 0],
    ["every reason has specs", REASONS.every((r) => failed.some((spec) => isMet(r, spec)))],
    ...bad.map(([title, specs]): Check => [`0 specs ${title}`, specs.length === 0]),
  ];
}

const folder = await Deno.makeTempDir({ prefix: "tfjs_specs_" });
let checks: Check[];
try {
  await build(folder);
  const [cpu, stock, ours] = await Promise.all(
    CONTESTANTS.map((contestant) => runSpecs(folder, contestant)),
  ) as [Specs, Specs, Specs];
  checks = [...judge(cpu, stock, ours), ...await testAlone(folder, print)];
} finally {
  await Deno.remove(folder, { recursive: true });
}
const broken = checks.filter(([, holds]) => !holds);
for (const [name] of broken) print(`failed: ${name}`);
print(`${checks.length - broken.length} passed, ${broken.length} failed`);
if (broken.length > 0) Deno.exit(1);
