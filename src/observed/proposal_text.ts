/** A proposed mapping as lines for people to read. */
import { printable } from "./printable.ts";
import type { Proposal } from "./proposal.ts";
import { writeMapping } from "./proposal.ts";

/** The proposed mapping, and its reasons. */
export function describeProposals(
  proposals: readonly Proposal[],
  title = "A mapping to check and to try:",
): string[] {
  if (proposals.length === 0) {
    return ["No column was recognized as one that a network reads; --columns maps them by hand"];
  }
  return [
    title,
    `  --columns '${printable(writeMapping(proposals))}'`,
    ...proposals.map(({ target, reason, assumed, others }) => {
      const rest = others.length === 0 ? "" : `; also possible: ${others.slice(0, 4).join(", ")}`;
      const what = assumed === "" ? "" : `; assumed: ${assumed}`;
      return printable(`  ${target}: from ${reason}${what}${rest}`);
    }),
  ];
}
