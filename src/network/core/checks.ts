/** Checks that only the core makes; those of all engines are in `network/checks.ts`. */
import type { NetworkForm } from "../checks.ts";

/** Throws unless widths are whole numbers from 1 on, rates lie in [0, 1), and a set has layers. */
export function checkArchitecture({ architecture, inputs }: NetworkForm): void {
  const { encoder, regression, convolution, cluster, context, dense, dropout } = architecture;
  const widths = { pixels: [inputs.pixels], encoder, convolution, cluster, context, dense };
  for (const [name, values] of Object.entries(widths)) {
    const bad = values.find((width) => !Number.isInteger(width) || width < 1);
    if (bad !== undefined) {
      refuse(`a width of ${name} is ${bad}, a whole number from 1 on is needed`);
    }
  }
  for (const [name, rate] of Object.entries(dropout)) {
    if (rate >= 0 && rate < 1) continue;
    refuse(`dropout.${name} is ${rate}, at least 0 and below 1 is needed`);
  }
  if (regression === "convolution") return;
  if (cluster.length < 1) refuse("cluster is [], a set needs one width or more");
  if (context.length === 1) {
    refuse(`context is [${context}], none or two widths or more are needed`);
  }
  const frequency = architecture.frequencies.find((value) => !Number.isFinite(value));
  if (frequency !== undefined) refuse(`a frequency is ${frequency}, a finite number is needed`);
}

function refuse(reason: string): never {
  throw new RangeError(`Cannot create a network: ${reason}`);
}

/** Throws unless the number of shards is a whole number from 1 on. */
export function checkShards(shards: number): void {
  if (Number.isInteger(shards) && shards >= 1) return;
  throw new RangeError(
    `Cannot take a step: shards is ${shards}, a whole number from 1 on is needed`,
  );
}
