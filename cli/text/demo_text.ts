/** What `demo` prints for people. */
import { counted } from "../../src/numerics/counted.ts";
import type { Demonstration } from "../stages/demonstration.ts";
import { COMPANIONS } from "../stages/demonstration.ts";

/** The predictions of a demonstration, for people. */
export function formatDemonstration(
  { network, catalogs, terseCorrelations }: Demonstration,
): string {
  const { parameters, fresh: { count, scatter, scatterError } } = network;
  const rows = catalogs.map(({ clusters, sigma8, predicted }) => {
    const error = predicted - sigma8;
    return [
      String(clusters).padStart(8),
      sigma8.toFixed(4).padStart(12),
      predicted.toFixed(4).padStart(12),
      `${error < 0 ? "" : "+"}${error.toFixed(4)}`.padStart(10),
    ].join("");
  });
  const found = Object.entries(COMPANIONS)
    .map(([name, label]) => `${terseCorrelations[name]!.toFixed(2)} with ${label}`);
  return [
    "clusters sigma8 true   predicted     error",
    ...rows,
    `The terse value of a cluster correlates ${found.join(", ")}.`,
    `${counted(parameters, "parameter")}; scatter of sigma8 ${scatter.toFixed(4)} +- ` +
    `${scatterError.toFixed(4)} on ${count} fresh catalogs (${network.command}).`,
  ].join("\n");
}
