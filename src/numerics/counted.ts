/** Numbers of things in words: "1 cluster", "2 clusters". */

/** A number with the name of what it counts, which takes an s for all numbers but 1. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

/** "1 cluster is" or "2 clusters are". */
export function countedAre(count: number, thing: string): string {
  return `${counted(count, thing)} ${count === 1 ? "is" : "are"}`;
}

/** "there is 1 cluster" or "there are 2 clusters". */
export function thereAre(count: number, thing: string): string {
  return `there ${count === 1 ? "is" : "are"} ${counted(count, thing)}`;
}
