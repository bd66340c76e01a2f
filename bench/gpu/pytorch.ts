/**
 * PyTorch on CUDA as the GPU benchmark's peer: the same steps and the same encoder, in milliseconds. Each
 * run ends with a wait for the GPU, as a loss that is read does.
 *
 * usage: pytorch.ts [--device cuda]
 */
import { parseArgs } from "node:util";
import { median } from "../../src/numerics/statistics.ts";
import { print } from "../files.ts";
import { NETWORKS, ROWS } from "../networks.ts";

const WORKS = [
  { network: "full", catalogs: 20, work: "step" },
  { network: "full", catalogs: 20, work: "encode" },
  { network: "compact", catalogs: 40, work: "step" },
  { network: "compact", catalogs: 40, work: "encode" },
] as const;

const { values } = parseArgs({ options: { device: { type: "string", default: "cuda" } } });
const script = new URL("../peers/pytorch_step.py", import.meta.url).pathname;
/** Runs of a round; the first round warms up. */
const [RUNS, ROUNDS] = [20, 3];

for (const { network, catalogs, work } of WORKS) {
  const architecture = NETWORKS[network];
  const task = { architecture, catalogs, rows: ROWS, threads: 1, work, device: values.device };
  const process = new Deno.Command("python3", {
    args: [script, JSON.stringify(task)],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`{"steps": ${RUNS}}\n`.repeat(ROUNDS)));
  await writer.close();
  const { success, stdout } = await process.output();
  if (!success) throw new Error(`Cannot measure PyTorch on ${values.device}: see above`);
  const answers: { times: number[]; version: string }[] = new TextDecoder().decode(stdout).trim()
    .split("\n").map((line) => JSON.parse(line));
  const times = answers.slice(1).flatMap(({ times }) => times);
  await print(
    `${network}, ${work}, ${catalogs} catalogs: ${median(times).toFixed(3)} ms, PyTorch ` +
      `${answers[0]!.version} on ${values.device}`,
  );
}
