/**
 * The module of a worker that samples posteriors: it is sent the plan first, then one task at a
 * time, and answers each with a record or with why there is none.
 *
 * @module
 */
import type { LimitPlan, LimitTask, PosteriorRecord } from "./limit_sampling.ts";
import { createSampler } from "./limit_sampling.ts";

/** What a worker answers. */
export type LimitAnswer = { readonly record: PosteriorRecord } | { readonly obstacle: string };

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  onmessage: (event: MessageEvent<LimitPlan | LimitTask>) => void;
  postMessage(answer: LimitAnswer): void;
}

const scope = self as unknown as WorkerScope;
let sample: (task: LimitTask) => PosteriorRecord;

scope.onmessage = ({ data }) => {
  try {
    if ("model" in data) sample = createSampler(data);
    else scope.postMessage({ record: sample(data) });
  } catch (error) {
    scope.postMessage({ obstacle: (error as Error).message });
  }
};
