/** The places of rows in their catalogs, which select dropout's random numbers. */

/** The catalog of each row of the batch, and the row's place there. */
export function placeRows(
  rowOffsets: Uint32Array,
): { readonly catalogs: Int32Array; readonly places: Int32Array } {
  const rows = rowOffsets.at(-1)!;
  const catalogs = new Int32Array(rows);
  const places = new Int32Array(rows);
  for (let c = 0; c + 1 < rowOffsets.length; c++) {
    const start = rowOffsets[c]!;
    for (let row = start; row < rowOffsets[c + 1]!; row++) {
      catalogs[row] = c;
      places[row] = row - start;
    }
  }
  return { catalogs, places };
}
