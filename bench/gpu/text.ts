/**
 * The GPU benchmark's results as text.
 */
import type { Results, Work } from "../results.ts";

const number = (value: number | null | undefined, digits: number): string =>
  value === null || value === undefined ? "-" : value.toFixed(digits);

/** The device, its limits and features, the versions, and the ceilings. */
export function formatDevice(
  { machine, label, deno, v8, device }: Omit<Results, "works" | "goals" | "load">,
): string {
  const { adapter, limits, features, ceilings } = device!;
  const pairs = (record: Readonly<Record<string, string | number | boolean>>) =>
    Object.entries(record).map(([name, value]) => `${name} ${value === "" ? "-" : value}`)
      .join(", ");
  const { peak, halfPeak, bandwidth, dispatch, readback, readbackBandwidth } = ceilings;
  return [
    `${machine}${label === null ? "" : `: ${label.toUpperCase()}`}`,
    `Deno ${deno}, V8 ${v8}`,
    `adapter: ${pairs(adapter)}`,
    `limits: ${pairs(limits)}`,
    `features: ${features.join(", ") || "none"}`,
    `ceilings${label === null ? "" : ` (${label})`}: multiply-adds ${number(peak, 1)} GFLOP/s, ` +
    `in f16 ${number(halfPeak, 1)} GFLOP/s, ` +
    `storage copy ${number(bandwidth, 1)} GB/s, empty dispatch ${number(dispatch, 2)} us, ` +
    `readback ${number(readback, 3)} ms and ${number(readbackBandwidth, 2)} GB/s`,
    "",
    "| work | on | ms | GFLOP/s | MB | roofline | of it | differs by |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
  ].join("\n");
}

/** One row for each contestant. */
export function formatWork({ name, gigaflop, bytes, contestants }: Work): string {
  return contestants.map((contestant) => {
    const { milliseconds, reason, roofline, difference } = contestant;
    const rate = milliseconds === null || gigaflop === null ? null : 1000 * gigaflop / milliseconds;
    const share = rate === null || roofline === undefined ? null : rate / roofline;
    const cells = [
      ...[
        name,
        contestant.name,
        milliseconds === null ? `none: ${reason}` : number(milliseconds, 3),
      ],
      ...[number(rate, 1), number(bytes === undefined ? null : bytes / 1e6, 2)],
      ...[number(roofline, 1), number(share, 2), difference!.toExponential(1)],
    ];
    return `| ${cells.join(" | ")} |`;
  }).join("\n");
}
