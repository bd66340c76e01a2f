/**
 * The encoder's forward pass and its gradient by pixel under `deno bench`, for every backend that
 * opens, webgpu first: the paper's network and the compact one.
 */
import type { NetworkName } from "./networks.ts";
import type { Throughput } from "./throughput.ts";
import { benchThroughput, findContestants } from "./throughput.ts";

const VERBS: Readonly<Record<string, Throughput["run"]>> = {
  "encoder forward": (network, batch) => network.encode(batch),
  "encoder gradient by pixel": (network, batch) => network.encoderGradient(batch),
};
const CATALOGS: readonly [NetworkName, number][] = [["full", 20], ["compact", 200]];

const contestants = await findContestants();
for (const [verb, run] of Object.entries(VERBS)) {
  for (const [network, catalogs] of CATALOGS) {
    benchThroughput(contestants, { verb, network, catalogs, run });
  }
}
