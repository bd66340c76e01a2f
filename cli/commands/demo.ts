/**
 * `demo`: the network that ships with the package, on catalogs drawn on the spot.
 */
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { wholeNumberOption } from "../program/options.ts";
import { demonstrate } from "../stages/demonstration.ts";
import { formatDemonstration } from "../text/demo_text.ts";

/** The command `demo`. */
export const DEMO: Command = defineCommand({
  summary: "predict sigma8 of new mock catalogs with the network that ships; writes no file",
  details: [
    "The network has not seen these catalogs in training, but others from the same base sample.",
  ],
  options: {
    catalogs: wholeNumberOption(1, 3, { description: "catalogs to draw" }),
    seed: wholeNumberOption(0, 2, { description: "root of the random streams that draw them" }),
  },
  async run({ catalogs, seed }, { progress }) {
    const json = await demonstrate(catalogs, seed, progress);
    return { json, text: formatDemonstration(json) };
  },
});
