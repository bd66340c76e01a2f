/**
 * Training steps under `deno bench`, for every backend that opens, webgpu first.
 */
import type { NetworkName } from "./networks.ts";
import { STEPS } from "./networks.ts";
import { benchThroughput, findContestants } from "./throughput.ts";

const WORKS: readonly [NetworkName, number][] = [["full", 20], ["compact", 40], ["compact", 10]];

const contestants = await findContestants();
for (const [network, catalogs] of WORKS) {
  const verb = `Adam step on ${catalogs} catalogs`;
  benchThroughput(contestants, {
    verb,
    network,
    catalogs,
    run: (one, batch) => one.step(batch, STEPS[network]),
  });
}
