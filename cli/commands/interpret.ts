/**
 * `interpret`: what the network has learned (section 5, App. A and B).
 */
import { BACKEND_OPTIONS } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { textOption, wholeNumberOption } from "../program/options.ts";
import { OUT_OPTION } from "../program/run_options.ts";
import { interpretFolder } from "../stages/interpreting.ts";
import { trainSeedShard } from "../stages/seed_shard.ts";
import { FILES } from "../storage/run_folder.ts";
import { refuseBoth, SHARD_OPTIONS } from "../storage/shards.ts";
import { describeInterpretation, formatInterpretation } from "../text/headlines_text.ts";

/** The command `interpret`. */
export const INTERPRET: Command = defineCommand({
  summary: "look into a trained network: leave-one-out, saliency, terse layer, verdict (section 5)",
  details: [
    `Writes ${FILES.interpretation} and the numbers of every figure as figures/*.csv. Judges whether ` +
    `what it finds is true, by the exact answers in ${FILES.exact}, which the command exact makes.`,
    "With --seeds, trains more networks on its catalogs, in seeds/, and gives each number's spread.",
    "With --shard as well, trains a part of those networks and interprets nothing; then one run with " +
    "--merge interprets them all. --merge trains nothing, and refuses to run if a network is missing.",
  ],
  options: {
    out: OUT_OPTION,
    seeds: wholeNumberOption(1, 1, { description: "number of networks, including this one" }),
    ...SHARD_OPTIONS,
    "no-wl": textOption("DIR", undefined, {
      description: "a run folder of noWeakLensing with the same catalogs, for Fig. 12",
      fallbackText: "none",
      role: "input run",
    }),
    ...BACKEND_OPTIONS,
  },
  // A shard works in the folders of its networks alone.
  workFolder: ({ out, shard }) => shard ? undefined : out,
  async run(values, { progress }) {
    refuseBoth(values);
    const { out, shard } = values;
    if (shard) return await trainSeedShard({ ...values, shard }, progress);
    const found = await interpretFolder(values, progress);
    return { json: { out, ...describeInterpretation(found) }, text: formatInterpretation(found) };
  },
});
