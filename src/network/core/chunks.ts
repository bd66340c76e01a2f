/** Rows of a batch that go through several layers together, one row independent of the other. */
import type { RowTable } from "./panels.ts";

/** Rows of one thread: those of a batch from `first` on. */
export interface Chunk extends RowTable {
  readonly thread: number;
  readonly first: number;
  readonly tiles: number;
}

/** Neighboring chunks. */
export interface Wave {
  readonly from: number;
  readonly to: number;
}
