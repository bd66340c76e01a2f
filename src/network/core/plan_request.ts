/** The request for which a batch's plan is made. */
import type { Architecture, InputWidths } from "../../model.ts";
import type { CoreLayers } from "./layers.ts";

/** The request for which a batch's plan is made. */
export interface PlanRequest {
  readonly architecture: Architecture;
  readonly widths: InputWidths;
  readonly layers: CoreLayers;
  readonly rowOffsets: Uint32Array;
  readonly threads: number;
  /** Number of shards into which the batch is cut; see `shards.ts`. */
  readonly shards: number;
  /** "training" keeps every activation and has room for gradients. */
  readonly purpose: "training" | "inference";
}
