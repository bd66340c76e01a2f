/**
 * The leave-one-outs of the paper's network against the exact ones, as `deno task bench:faithful`
 * found them on the stand-in: which a report shows next to another network's. Made by that task.
 */
import type { RecordedNetwork } from "./recorded_network.ts";

/** Table 3, trained with Adam as README.md of src/network says. */
export const PAPER_NETWORK: RecordedNetwork = {
  r: 0.4207,
  rError: 0.06,
  noise: 0.002618,
  command: "deno task bench:faithful -- --only paper --page src/interpretation/README.md",
};
