/**
 * A worker of `deno task bench:peak` that only spins: whole numbers, which leave a core's vector
 * units alone, or multiply-adds in registers, which fill them. Answers each message with the
 * milliseconds.
 */
import { openCore } from "../src/network/core/core.ts";

/** What a worker is asked to do. */
export interface Spin {
  readonly kind: "whole numbers" | "multiply-adds";
  readonly rounds: number;
}

const core = await openCore({ threads: 1 });
const room = core.memory.allocate(64);

function spinWhole(rounds: number): number {
  let x = 1;
  for (let i = 0; i < rounds; i++) x = Math.imul(x, 3) ^ i;
  return x;
}

/** What a worker's own scope has; the types of a page do not know it. */
interface WorkerScope {
  onmessage: (event: { readonly data: Spin }) => void;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data: { kind, rounds } }) => {
  const start = performance.now();
  if (kind === "multiply-adds") core.exports.peak(rounds, room);
  else spinWhole(rounds);
  scope.postMessage(performance.now() - start);
};
scope.postMessage("ready");
