/** The clusters of the linked views as script text: unpacking, selection, canvases. */

/** Unpacks the data that `packExplorer` has written. */
export const CLUSTERS: string = String.raw`
  "use strict";
  const source = document.getElementById("explorer-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const get = (id) => document.getElementById(id);
  const [plane, map, colorBy, inCatalog, details] =
    ["plane", "map", "color-by", "in-catalog", "details"].map(get);

  const decode = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const columns = data.columns.map((column) => {
    const bytes = decode(column.words);
    const step = (column.max - column.min) / data.largestWord;
    const values = new Float64Array(data.count);
    for (let i = 0; i < data.count; i++) {
      const word = bytes[2 * i] | (bytes[2 * i + 1] << 8);
      values[i] = word === data.missingWord ? NaN : column.min + step * word;
    }
    return { ...column, values };
  });
  const byName = new Map(columns.map((column) => [column.name, column]));
  const terse = byName.get("terse").values;
  const logMass = byName.get("logMass").values;
  const catalogOf = new Uint32Array(data.count);
  const firsts = [];
  data.catalogs.reduce((first, count, c) => {
    firsts[c] = first;
    catalogOf.fill(c, first, first + count);
    return first + count;
  }, 0);
  const maps = new Map(data.maps.map((m) => [m.catalog, { ...m, bytes: decode(m.bytes) }]));
  const byMass = Array.from(logMass.keys()).filter((i) => Number.isFinite(logMass[i])).sort((a, b) => logMass[a] - logMass[b]);

  let chosen = -1;
  let isPinned = false;
  let points = document.createElement("canvas");

  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const isShown = (i) => inCatalog.value === "" || catalogOf[i] === Number(inCatalog.value);
  const show = (value) => Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "not known";

  function fit(canvas) {
    const ratio = devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = canvas;
    canvas.width = Math.max(1, Math.round(width * ratio));
    canvas.height = Math.max(1, Math.round(height * ratio));
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return { context, width, height };
  }

`;
