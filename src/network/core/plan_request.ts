/**
 * What a batch's plan is made for.
 *
 * @module
 */
import type { Architecture, InputWidths } from "../../model.ts";
import type { CoreLayers } from "./layers.ts";

/** What a plan is made for. */
export interface PlanRequest {
  readonly architecture: Architecture;
  readonly widths: InputWidths;
  readonly layers: CoreLayers;
  readonly rowOffsets: Uint32Array;
  readonly threads: number;
  /** Shards that the batch is cut into; see `shards.ts`. */
  readonly shards: number;
  /** "training" keeps every activation and has room for gradients. */
  readonly purpose: "training" | "inference";
}
