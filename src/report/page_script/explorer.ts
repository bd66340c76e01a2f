/**
 * The linked views as script text: the plane of terse value and mass, the saliency map of the chosen
 * cluster's catalog, and the cluster's numbers.
 *
 * @module
 */

/** Runs in the page: draws the views, and links them by the cluster that is pointed at. */
export const EXPLORER: string = String.raw`
(() => {
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
  const byMass = Array.from(logMass.keys()).sort((a, b) => logMass[a] - logMass[b]);

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

  const EDGE = { left: 58, right: 14, top: 14, bottom: 44 };
  const rangeOf = ({ min, max }) => {
    const margin = 0.03 * (max - min || 1);
    return [min - margin, max + margin];
  };
  const xRange = rangeOf(byName.get("terse"));
  const yRange = rangeOf(byName.get("logMass"));
  function place(i) {
    const width = plane.clientWidth - EDGE.left - EDGE.right;
    const height = plane.clientHeight - EDGE.top - EDGE.bottom;
    return [
      EDGE.left + width * (terse[i] - xRange[0]) / (xRange[1] - xRange[0]),
      EDGE.top + height * (yRange[1] - logMass[i]) / (yRange[1] - yRange[0]),
    ];
  }

  function ticks([low, high]) {
    const rough = (high - low) / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
    const found = [];
    for (let k = Math.ceil(low / step); k * step <= high; k++) found.push(Number((k * step).toFixed(9)));
    return found;
  }

  function drawAxes(context, width, height) {
    context.strokeStyle = css("--ink");
    context.fillStyle = css("--ink");
    context.font = "12px system-ui, sans-serif";
    context.lineWidth = 1;
    context.strokeRect(EDGE.left, EDGE.top, width - EDGE.left - EDGE.right, height - EDGE.top - EDGE.bottom);
    context.textAlign = "center";
    for (const value of ticks(xRange)) {
      const x = EDGE.left + (width - EDGE.left - EDGE.right) * (value - xRange[0]) / (xRange[1] - xRange[0]);
      context.fillRect(x - 0.5, height - EDGE.bottom - 5, 1, 5);
      context.fillText(String(value), x, height - EDGE.bottom + 16);
    }
    context.fillText("terse value", EDGE.left + (width - EDGE.left - EDGE.right) / 2, height - 8);
    context.textAlign = "right";
    for (const value of ticks(yRange)) {
      const y = EDGE.top + (height - EDGE.top - EDGE.bottom) * (yRange[1] - value) / (yRange[1] - yRange[0]);
      context.fillRect(EDGE.left, y - 0.5, 5, 1);
      context.fillText(String(value), EDGE.left - 6, y + 4);
    }
    context.save();
    context.translate(14, EDGE.top + (height - EDGE.top - EDGE.bottom) / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillText("log mass [Msun/h]", 0, 0);
    context.restore();
  }

  function paintPoints() {
    const { context, width, height } = fit(plane);
    context.clearRect(0, 0, width, height);
    const { values, min, max } = byName.get(colorBy.value);
    const ramp = data.ramps.points;
    const isSingle = inCatalog.value !== "";
    const size = isSingle ? 6 : data.count > 5000 ? 2 : 3;
    context.globalAlpha = isSingle ? 1 : 0.75;
    let shown = 0;
    for (let i = 0; i < data.count; i++) {
      if (!isShown(i) || !Number.isFinite(logMass[i])) continue;
      const position = max > min ? (values[i] - min) / (max - min) : 0.5;
      const step = Math.min(ramp.length - 1, Math.floor(position * ramp.length));
      context.fillStyle = Number.isFinite(values[i]) ? ramp[step] : css("--muted");
      const [x, y] = place(i);
      context.fillRect(x - size / 2, y - size / 2, size, size);
      shown++;
    }
    context.globalAlpha = 1;
    drawAxes(context, width, height);
    points = document.createElement("canvas");
    points.width = plane.width;
    points.height = plane.height;
    points.getContext("2d").drawImage(plane, 0, 0);
    paintKey(min, max);
    plane.dataset.shown = String(shown);
  }

  function paintKey(min, max) {
    const canvas = get("key");
    const { context, width, height } = fit(canvas);
    const ramp = data.ramps.points;
    ramp.forEach((color, k) => {
      context.fillStyle = color;
      context.fillRect(k * width / ramp.length, 0, width / ramp.length + 1, height);
    });
    get("key-min").textContent = show(min);
    get("key-max").textContent = show(max);
  }

  function paintPlane() {
    const context = plane.getContext("2d");
    const ratio = devicePixelRatio || 1;
    context.clearRect(0, 0, plane.clientWidth, plane.clientHeight);
    context.drawImage(points, 0, 0, points.width / ratio, points.height / ratio);
    if (chosen < 0 || !isShown(chosen)) return;
    const [x, y] = place(chosen);
    context.lineWidth = 4;
    context.strokeStyle = css("--sheet");
    context.beginPath();
    context.arc(x, y, 8, 0, 2 * Math.PI);
    context.stroke();
    context.lineWidth = 2;
    context.strokeStyle = css("--ink");
    context.stroke();
  }

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
      ...columns.map(({ label, values }) => [label, show(values[chosen])]),
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

  function choose(i) {
    if (i === chosen) return;
    chosen = i;
    paintPlane();
    paintMap();
    describe();
  }

  const REACH = 14;
  function nearest(event) {
    const { left, top } = plane.getBoundingClientRect();
    const [px, py] = [event.clientX - left, event.clientY - top];
    let best = -1;
    let least = REACH * REACH;
    for (let i = 0; i < data.count; i++) {
      if (!isShown(i)) continue;
      const [x, y] = place(i);
      const distance = (x - px) ** 2 + (y - py) ** 2;
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  }

  function step(by) {
    const visible = byMass.filter(isShown);
    if (visible.length === 0) return;
    const at = visible.indexOf(chosen);
    const start = at < 0 ? (by > 0 ? -1 : visible.length) : at;
    choose(visible[Math.min(visible.length - 1, Math.max(0, start + by))]);
  }

  const KEYS = {
    ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1,
    PageUp: 50, PageDown: -50, Home: -Infinity, End: Infinity,
  };
  plane.addEventListener("pointermove", (event) => {
    if (isPinned) return;
    const i = nearest(event);
    if (i >= 0) choose(i);
  });
  plane.addEventListener("click", (event) => {
    const i = nearest(event);
    isPinned = i >= 0 && !(isPinned && i === chosen);
    if (i >= 0) choose(i);
  });
  plane.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      isPinned = false;
      choose(-1);
    } else if (event.key in KEYS) {
      event.preventDefault();
      isPinned = true;
      step(KEYS[event.key]);
    }
  });
  map.addEventListener("pointermove", (event) => {
    if (chosen < 0 || !maps.has(catalogOf[chosen])) return;
    const catalog = catalogOf[chosen];
    const { left, top, width, height } = map.getBoundingClientRect();
    const rows = data.catalogs[catalog];
    const pixels = data.pixels.length;
    const row = Math.min(rows - 1, Math.max(0, Math.floor(rows * (event.clientY - top) / height)));
    const pixel = Math.min(pixels - 1, Math.max(0, Math.floor(pixels * (event.clientX - left) / width)));
    const { bytes, max } = maps.get(catalog);
    isPinned = true;
    choose(firsts[catalog] + row);
    get("pixel").innerHTML = "Saliency of " + data.pixels[pixel] + ": " +
      show(max * bytes[row * pixels + pixel] / 255);
  });

  function repaint() {
    paintPoints();
    paintPlane();
    paintMap();
  }
  const option = (value, label) => {
    const made = document.createElement("option");
    made.value = value;
    made.textContent = label;
    return made;
  };
  colorBy.append(...columns.map(({ name, text }) => option(name, text)));
  colorBy.value = "sigma8";
  const sigma8 = byName.get("sigma8").values;
  inCatalog.append(
    option("", "all"),
    ...data.catalogs.map((count, c) => option(
      String(c),
      c + (maps.has(c) ? " *" : "") + ": N = " + count + ", σ8 = " + show(sigma8[firsts[c]]),
    )),
  );
  colorBy.addEventListener("change", repaint);
  inCatalog.addEventListener("change", () => {
    isPinned = false;
    chosen = -1;
    repaint();
    describe();
  });
  document.addEventListener("themechange", repaint);
  addEventListener("resize", repaint);
  get("explorer").hidden = false;
  get("explorer-unavailable")?.remove();
  repaint();
})();
`;
