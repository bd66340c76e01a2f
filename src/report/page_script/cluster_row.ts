/**
 * The chosen cluster as script text: its row in the saliency map of its catalog, and its numbers.
 */

/** Draws the map and lists the numbers. */
export const CLUSTER_ROW: string = String.raw`
  function paintMap() {
    const { context, width, height } = fit(map);
    context.clearRect(0, 0, width, height);
    context.fillStyle = css("--muted");
    context.font = "13px system-ui, sans-serif";
    context.textAlign = "center";
    const say = (line, row) => context.fillText(line, width / 2, height / 2 + 20 * row, width - 16);
    map.dataset.catalog = "";
    if (chosen < 0) return say("Point at a cluster to see its catalog's saliency map", 0);
    const catalog = catalogOf[chosen];
    const kept = maps.get(catalog);
    if (!kept) {
      say("No saliency map was kept for catalog " + catalog, 0);
      return say("Catalogs marked * have one", 1);
    }
    const rows = data.catalogs[catalog];
    const pixels = data.pixels.length;
    const ramp = data.ramps.saliency;
    for (let k = 0; k < rows * pixels; k++) {
      context.fillStyle = ramp[Math.min(ramp.length - 1, Math.floor(kept.bytes[k] * ramp.length / 256))];
      context.fillRect(
        (k % pixels) * width / pixels, Math.floor(k / pixels) * height / rows,
        width / pixels + 0.5, height / rows + 0.5,
      );
    }
    const row = chosen - firsts[catalog];
    context.lineWidth = 2;
    context.strokeStyle = css("--yellow");
    context.strokeRect(1, row * height / rows - 1, width - 2, Math.max(4, height / rows + 2));
    map.dataset.catalog = String(catalog);
    map.dataset.row = String(row);
  }

  function describe() {
    if (chosen < 0) {
      details.replaceChildren();
      return;
    }
    const catalog = catalogOf[chosen];
    const lines = [
      ["catalog, row", catalog + ", " + (chosen - firsts[catalog])],
      ...columns.map(({ name, label, values }) => [
        label,
        name === "exact" && !Number.isFinite(values[chosen])
          ? "not computed (catalogs marked † have it)"
          : show(values[chosen]),
      ]),
    ];
    const kept = maps.get(catalog);
    if (kept) {
      const start = (chosen - firsts[catalog]) * data.pixels.length;
      const row = Array.from(kept.bytes.subarray(start, start + data.pixels.length));
      const best = row.indexOf(Math.max(...row));
      lines.push(["largest saliency", data.pixels[best] + ": " + show(kept.max * row[best] / 255)]);
    }
    details.replaceChildren(...lines.flatMap(([name, value]) => {
      const term = document.createElement("dt");
      const text = document.createElement("dd");
      // Labels are the report's own HTML, escaped where it was written; values are numbers.
      term.innerHTML = name;
      text.innerHTML = value;
      return [term, text];
    }));
  }

`;
