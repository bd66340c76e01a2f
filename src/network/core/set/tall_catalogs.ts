/** The catalogs of a set's batch that are too tall for the cache, and their blocks' memory. */
import { PANEL } from "../layers.ts";
import type { Arena } from "../panels.ts";
import type { PlanRequest } from "../plan_request.ts";
import type { SetChunks } from "./chunks.ts";
import { BLOCK_ROWS } from "./chunks.ts";

/** A catalog that goes through the layers block by block. */
interface TallCatalog {
  /** Index of the catalog's first row in the batch. */
  readonly first: number;
  readonly rows: number;
  /** Tables of the blocks' first rows, and of the first block and their number. */
  readonly offsets: number;
  readonly ends: number;
}

/** The catalogs whose chunks are cut into blocks. */
export interface TallCatalogs {
  /** The tall catalogs, by index in the batch. */
  readonly catalogs: ReadonlyMap<number, TallCatalog>;
  readonly mostBlocks: number;
  /** Number of panels of the widest layer that is summed. */
  readonly panels: number;
  /** Address of zeros, laid out as the catalogs' means. */
  readonly zeros: number;
}

/** Plans the memory of a batch's blocks; none for training, or without tall chunks. */
export function placeTallCatalogs(
  { rowOffsets, layers, purpose }: PlanRequest,
  { cuts, catalogRows }: Pick<SetChunks, "cuts" | "catalogRows">,
  arena: Arena,
): TallCatalogs {
  const catalogs = new Map<number, TallCatalog>();
  let mostBlocks = 0;
  for (const chunk of purpose === "training" ? [] : cuts) {
    if (chunk.count <= BLOCK_ROWS) continue;
    for (let c = chunk.from; c < chunk.to; c++) {
      const first = rowOffsets[c]!;
      const rows = rowOffsets[c + 1]! - first;
      const blocks = Math.ceil(rows / BLOCK_ROWS);
      const starts = Uint32Array.from({ length: blocks + 1 }, (_, b) => b * BLOCK_ROWS);
      starts[blocks] = rows;
      const [offsets, ends] = [arena.table(starts), arena.table([0, blocks])];
      catalogs.set(c, { first, rows, offsets, ends });
      mostBlocks = Math.max(mostBlocks, blocks);
    }
  }
  if (catalogs.size === 0) return { catalogs, mostBlocks, panels: 0, zeros: 0 };
  const last = [layers.cluster.at(-1), layers.context.at(-2)];
  const panels = Math.max(...last.map((layer) => layer?.nPanels ?? 0));
  const zeros = arena.table(new Uint32Array(panels * catalogRows * PANEL));
  return { catalogs, mostBlocks, panels, zeros };
}
