/** The page's side of the connection to its worker. */
/// <reference lib="dom" />
import type { Reply, RequestName, Requests, Step } from "../protocol.ts";

/** Trusted types; browsers that know them start a worker from such a URL only. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

/** The name of the page's only policy, which its security policy allows. */
const POLICY = "terse-worker";

const policy = (globalThis as unknown as { trustedTypes?: TrustedTypes }).trustedTypes
  ?.createPolicy(POLICY, { createScriptURL: (url) => url });

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
  report(step: Step): void;
}

/** A request that the user canceled. */
export class Canceled extends Error {}

/** A worker, and the requests that it has yet to answer. */
export class WorkerClient {
  readonly #url: string;
  #worker: Worker;
  #waiting = new Map<number, Waiting>();
  #last = 0;

  /** Starts a worker from its source text. */
  constructor(source: string) {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    this.#url = policy ? policy.createScriptURL(url) : url;
    this.#worker = this.#start();
  }

  /** Sends a request and waits for its answer. */
  ask<N extends RequestName>(
    name: N,
    ask: Requests[N]["ask"],
    report: (step: Step) => void = () => {},
  ): Promise<Requests[N]["answer"]> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject, report });
      this.#worker.postMessage({ id, name, ask });
    });
  }

  /** Ends the worker in the middle of its work, and starts another one without its state. */
  restart(): void {
    this.#worker.terminate();
    this.#fail(new Canceled("Canceled"));
    this.#worker = this.#start();
  }

  #start(): Worker {
    const worker = new Worker(this.#url);
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      const waiting = this.#waiting.get(data.id);
      if (!waiting) return;
      if (data.kind === "step") return waiting.report(data.step);
      this.#waiting.delete(data.id);
      if (data.kind === "answer") waiting.resolve(data.answer);
      else waiting.reject(new Error(data.message));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(new Error(`Cannot compute: the worker has stopped, ${event.message}`));
    };
    return worker;
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
