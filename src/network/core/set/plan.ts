/** The layout of a set's batch in the core's memory. */
import { labelCount } from "../../checks.ts";
import type { BatchPlan } from "../batch_plan.ts";
import type { CoreLayer } from "../layers.ts";
import { NORM_BLOCK } from "../opcodes.ts";
import type { Panels } from "../panels.ts";
import { Arena, TILE } from "../panels.ts";
import type { PlanRequest } from "../plan_request.ts";
import { placeRows } from "../row_places.ts";
import { cutShards, shardBytes } from "../shards.ts";
import type { TallCatalogs } from "./tall_catalogs.ts";
import { placeTallCatalogs } from "./tall_catalogs.ts";
import type { SetChunks } from "./chunks.ts";
import { cutChunks, rowsAtOnce } from "./chunks.ts";
import type { UnitPlan } from "./unit_plan.ts";
import { planUnits } from "./unit_plan.ts";

/** Activations of consecutive layers (0: the input), and their gradients. */
export interface Chain {
  readonly values: readonly Panels[];
  readonly gradients: readonly Panels[];
}

/** Space for the rows of one chunk. */
export interface Slot {
  readonly encoder: Chain;
  /** Layers from a cluster's seen values on, without the context's last layer. */
  readonly context: Chain;
  /** Layers from a cluster's inputs on. */
  readonly cluster: Chain;
  /** Sums over the rows of each block of a tall catalog. */
  readonly sums: Panels;
}

/** Addresses of all that a set's batch needs. */
export interface SetPlan extends BatchPlan, Omit<SetChunks, "slotRows"> {
  readonly slots: readonly Slot[];
  /** The context's last layer and the dense layers: a row for each catalog. */
  readonly contextOutput: Chain;
  readonly dense: Chain;
  /** Tables of the chunks' numbers of rows and of catalogs. */
  readonly rowCounts: number;
  readonly catalogCounts: number;
  /** Address of the catalogs' means of the seen values, [catalogs x seen]. */
  readonly means: number;
  /** Address of the factors of the periodic features. */
  readonly factors: number;
  /** Catalogs that go through the layers block by block. */
  readonly tall: TallCatalogs;
  /** What threads take chunks by; null where each chunk is a certain thread's. */
  readonly units: UnitPlan | null;
}

/** Lays a batch out from the address `start` on. */
export function planSet(request: PlanRequest, start: number): SetPlan {
  const { rowOffsets, widths, layers, architecture, threads, purpose } = request;
  const arena = new Arena(start);
  const count = rowOffsets.length - 1;
  const rows = rowOffsets[count]!;
  const { shards } = cutShards(rowOffsets, request.shards, threads);
  const { slotRows, ...cuts } = cutChunks(request, shards, arena);
  const isTraining = purpose === "training";
  const chain = (layers: readonly CoreLayer[], rows: number, inputRows = rows): Chain => {
    if (layers.length === 0) return { values: [], gradients: [] };
    const panels = [layers[0]!.kPanels, ...layers.map(({ nPanels }) => nPanels)];
    const place = () => panels.map((count, i) => arena.panels(count, i === 0 ? inputRows : rows));
    return { values: place(), gradients: isTraining ? place() : [] };
  };
  const contextRows = layers.context.slice(0, -1);
  const tall = placeTallCatalogs(request, cuts, arena);
  const slots = slotRows.map((rows): Slot => {
    const room = roomFor(rowsAtOnce(rows, purpose));
    return {
      encoder: chain(layers.encoder, room),
      context: chain(contextRows, room),
      cluster: chain(layers.cluster, room, roomFor(rows)),
      sums: arena.panels(tall.panels, tall.mostBlocks),
    };
  });
  const hasDropout = architecture.dropout.encoder > 0 && isTraining;
  const dropped = hasDropout ? placeRows(rowOffsets) : null;
  const plan = {
    ...cuts,
    count,
    rows,
    threads,
    shards,
    slots,
    pixels: arena.take(4 * rows * widths.pixels),
    supplementary: arena.take(4 * rows * widths.supplementary),
    labels: arena.take(4 * count * labelCount(architecture)),
    tie: arena.take(4 * rows),
    terse: arena.take(4 * rows),
    losses: arena.take(8 * count),
    sums: arena.take(8 * Math.ceil(layers.size / NORM_BLOCK)),
    transposesAll: true,
    transposed: isTraining ? arena.take(4 * layers.size) : 0,
    shardGradients: isTraining ? arena.take((shards.length - 1) * shardBytes(layers)) : 0,
    catalogs: dropped ? arena.table(dropped.catalogs) : 0,
    places: dropped ? arena.table(dropped.places) : 0,
    numbers: arena.table(Uint32Array.from({ length: count }, (_, c) => c)),
    zeros: arena.table(new Uint32Array(count)),
    offsets: arena.table(rowOffsets),
    rowCounts: arena.table(cuts.chunks.map(({ count }) => count)),
    catalogCounts: arena.table(cuts.chunks.map(({ from, to }) => to - from)),
    means: arena.take(4 * count * (1 + widths.supplementary)),
    factors: arena.table(floatBits(architecture.frequencies)),
    tall,
    units: cuts.areShared ? planUnits(request, cuts, arena) : null,
    contextOutput: chain(layers.context.slice(-1), cuts.catalogRows),
    dense: chain(layers.dense, cuts.catalogRows),
  };
  return { ...plan, bytes: arena.next - start, tables: arena.tables };
}

/** Rows padded to an odd number of tiles, so that a row's panels lie in different cache sets. */
function roomFor(rows: number): number {
  return (2 * Math.floor(rows / TILE / 2) + 1) * TILE;
}

/** Floats as the words of a table, followed by zeros. */
function floatBits(values: readonly number[]): Int32Array {
  return new Int32Array(Float32Array.from(values).buffer);
}
