/**
 * Where a batch lies in the core's memory, and which thread does what with it.
 *
 * The encoder sees rows one by one, so it runs on chunks of rows that stay in the cache through all
 * its layers. The convolutions see the catalogs of a thread in one line, with two zero rows between
 * neighbors; a row table names the lines' rows, so that no product is spent on the zeros.
 */
import { labelCount } from "../../checks.ts";
import type { BatchPlan } from "../batch_plan.ts";
import type { CoreLayers } from "../layers.ts";
import { PANEL } from "../layers.ts";
import { NORM_BLOCK } from "../opcodes.ts";
import type { Panels, RowTable } from "../panels.ts";
import { Arena, rowTable } from "../panels.ts";
import type { PlanRequest } from "../plan_request.ts";
import { catalogWriter, placeWriter } from "../row_places.ts";
import type { Group } from "../shards.ts";
import { cutShards, shardBytes } from "../shards.ts";
import type { ChunkPlan } from "./chunks.ts";
import { planChunks } from "./chunks.ts";
import type { Level } from "./levels.ts";
import { planLevels } from "./levels.ts";

/** Addresses of all that a batch needs. */
export interface ConvolutionPlan extends BatchPlan, ChunkPlan {
  /** Table of the byte offset of each row in the first level's panels. */
  readonly joined: number;
  readonly groups: readonly Group[];
  readonly levels: readonly Level[];
  /** Activations of dense layer i (0: the global pooling), and their gradients. */
  readonly dense: readonly Panels[];
  readonly denseGradient: readonly Panels[];
  readonly denseTables: readonly RowTable[];
  /** Tables of the number of catalogs, one per shard. */
  readonly countTables: readonly number[];
}

/** Lays a batch out from the address `start` on. */
export function planBatch(request: PlanRequest, start: number): ConvolutionPlan {
  const { architecture, rowOffsets, widths, layers, threads, purpose } = request;
  const arena = new Arena(start);
  const count = rowOffsets.length - 1;
  const rows = rowOffsets[count]!;
  const cuts = cutShards(rowOffsets, request.shards, threads);
  const { shards, groups } = cuts;
  const levels = planLevels(request, cuts, arena);
  const hasDropout = architecture.dropout.encoder > 0 && purpose === "training";
  const pooled = layers.dense[0]!.kPanels;
  const denseWidths = [pooled, ...layers.dense.map(({ nPanels }) => nPanels)];
  const densePanels = () => denseWidths.map((panels) => arena.panels(panels, count + 1));
  const plan = {
    count,
    rows,
    threads,
    pixels: arena.take(4 * rows * widths.pixels),
    supplementary: arena.take(4 * rows * widths.supplementary),
    labels: arena.take(4 * count * labelCount(architecture)),
    tie: arena.take(4 * rows),
    losses: arena.take(8 * count),
    sums: arena.take(8 * Math.ceil(layers.size / NORM_BLOCK)),
    transposesAll: shards.length > 1,
    transposed: purpose === "training"
      ? arena.take(4 * (shards.length > 1 ? layers.size : encoderSize(layers)))
      : 0,
    shardGradients: purpose === "training"
      ? arena.take((shards.length - 1) * shardBytes(layers))
      : 0,
    terse: arena.take(4 * rows),
    catalogs: hasDropout ? arena.fill(rows, catalogWriter(rowOffsets)) : 0,
    places: hasDropout ? arena.fill(rows, placeWriter(rowOffsets)) : 0,
    numbers: arena.table(Uint32Array.from({ length: count }, (_, c) => c)),
    zeros: arena.table(new Uint32Array(count)),
    offsets: arena.table(rowOffsets),
    ...levels,
    shards,
    groups,
    countTables: shards.map(({ from, to }) => arena.table([to - from])),
    dense: densePanels(),
    denseGradient: densePanels(),
    denseTables: groups.map(({ from, to }) =>
      rowTable({ starts: [from], heights: [to - from], from: 0, to: 1 }, count, arena)
    ),
    ...planChunks(request, shards, arena),
  };
  return { ...plan, bytes: arena.next - start, tables: arena.tables };
}

/** Number of elements of the flat array for the encoder, which comes first. */
function encoderSize(layers: CoreLayers): number {
  const { bias, nPanels } = layers.encoder.at(-1)!;
  return bias + nPanels * PANEL;
}
