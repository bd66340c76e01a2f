/** Numbers of things in words: "1 cluster", "2 clusters". */

/** A number with the name of what it counts, which takes an s for all numbers but 1. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

/** "there is 1 cluster" or "there are 2 clusters". */
export function thereAre(count: number, thing: string): string {
  return `there ${count === 1 ? "is" : "are"} ${counted(count, thing)}`;
}
