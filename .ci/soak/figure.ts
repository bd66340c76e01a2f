/** The figure of a soak: how the commands ended under each disturbance. */

/** Numbers of commands by how they ended. */
export interface Endings {
  done: number;
  refused: number;
  killed: number;
}

const COLORS: Readonly<Record<keyof Endings, string>> = {
  done: "#2a7f62",
  refused: "#d9a441",
  killed: "#8c8c8c",
};

const [LEFT, WIDTH, ROW, TOP] = [170, 460, 26, 44] as const;

/** Draws one bar per disturbance. */
export function drawSoak(counts: Readonly<Record<string, Endings>>, title: string): string {
  const names = Object.keys(counts);
  const total = ({ done, refused, killed }: Endings) => done + refused + killed;
  const largest = Math.max(1, ...Object.values(counts).map(total));
  const rows = names.map((name, i) => {
    const y = TOP + i * ROW;
    let x = LEFT;
    const bars = (Object.keys(COLORS) as (keyof Endings)[]).map((kind) => {
      const width = counts[name]![kind] / largest * WIDTH;
      const bar = `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="18" ` +
        `fill="${COLORS[kind]}"/>`;
      x += width;
      return bar;
    });
    const label = `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${name}</text>`;
    const number = `<text x="${(x + 6).toFixed(1)}" y="${y + 13}">${total(counts[name]!)}</text>`;
    return [label, ...bars, number].join("\n");
  });
  const height = TOP + names.length * ROW + 34;
  const legend = (Object.entries(COLORS) as [keyof Endings, string][]).map(([kind, color], i) => {
    const x = LEFT + i * 150;
    const words = { done: "did its work", refused: "refused in one line", killed: "killed" }[kind];
    return `<rect x="${x}" y="${height - 22}" width="12" height="12" fill="${color}"/>` +
      `<text x="${x + 18}" y="${height - 12}">${words}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 ${height}" font-family="sans-serif" ` +
    `font-size="12" fill="#222">`,
    `<rect width="700" height="${height}" fill="#fff"/>`,
    `<text x="12" y="24" font-size="14">${title}</text>`,
    ...rows,
    ...legend,
    "</svg>\n",
  ].join("\n");
}
