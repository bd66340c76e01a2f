/** The places of rows in their catalogs, which select dropout's random numbers. */

/** Writes the catalog of each row of a batch. */
export function catalogWriter(rowOffsets: Uint32Array): (words: Int32Array) => void {
  return (words) => {
    for (let c = 0; c + 1 < rowOffsets.length; c++) {
      words.fill(c, rowOffsets[c]!, rowOffsets[c + 1]!);
    }
  };
}

/** Writes the place of each row of a batch in its catalog. */
export function placeWriter(rowOffsets: Uint32Array): (words: Int32Array) => void {
  return (words) => {
    for (let c = 0; c + 1 < rowOffsets.length; c++) {
      const [start, end] = [rowOffsets[c]!, rowOffsets[c + 1]!];
      for (let row = start; row < end; row++) words[row] = row - start;
    }
  };
}
