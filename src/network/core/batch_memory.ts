/** The memory of the batch that a network works on, used again from batch to batch. */
import type { BatchPlan } from "./batch_plan.ts";
import type { CoreMemory } from "./memory.ts";
import { writeTables } from "./panels.ts";
import type { Passes } from "./passes.ts";
import type { PlanRequest } from "./plan_request.ts";

/** Factor by which a batch's memory exceeds its need, for larger batches to come. */
const HEADROOM = 1.2;

/** One block of memory, as large as the largest batch so far. */
export class BatchMemory<P extends BatchPlan> {
  readonly #memory: CoreMemory;
  #block: { readonly address: number; readonly bytes: number } | null = null;
  /** The plan whose tables are in the memory. */
  #last: P | null = null;

  /** Starts without any memory. */
  constructor(memory: CoreMemory) {
    this.#memory = memory;
  }

  /**
   * Lays a batch out in the memory that is there, or in more if it does not fit.
   *
   * @throws {RangeError} If memory cannot be had
   */
  plan(planBatch: Passes<P>["plan"], request: PlanRequest): P {
    let plan = planBatch(request, this.#block?.address ?? 0, this.#last);
    if (!this.#block || plan.bytes > this.#block.bytes) {
      const bytes = Math.ceil(plan.bytes * HEADROOM);
      if (this.#block) this.#memory.free(this.#block.address);
      this.#block = { address: this.#memory.allocate(bytes), bytes };
      plan = planBatch(request, this.#block.address, this.#last);
    }
    writeTables(plan, this.#memory);
    this.#last = plan;
    return plan;
  }

  /** Frees the memory. */
  free(): void {
    if (this.#block) this.#memory.free(this.#block.address);
    this.#block = null;
    this.#last = null;
  }
}
