/**
 * The plane of terse value and mass as script text: points, axes, color key, the chosen cluster.
 */

/** Draws the plane. */
export const CLUSTER_PLANE: string = String.raw`
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

  /** The central 98% of the values shown: single extremes would leave the rest one color. */
  function colorRange(values) {
    const shown = values.filter((value, i) => isShown(i) && Number.isFinite(value)).sort();
    const at = (share) => shown.length > 0 ? shown[Math.round(share * (shown.length - 1))] : NaN;
    return { min: at(0.01), max: at(0.99), isCut: at(0) < at(0.01) || at(0.99) < at(1) };
  }

  /**
   * A prime above any number of clusters: steps of this length reach each cluster once, in an order
   * unrelated to sigma8, so that no value of sigma8 covers the others.
   */
  const SCATTER = 1000003;

  function paintPoints() {
    const { context, width, height } = fit(plane);
    context.clearRect(0, 0, width, height);
    const { values } = byName.get(colorBy.value);
    const { min, max, isCut } = colorRange(values);
    const ramp = data.ramps.points;
    const isSingle = inCatalog.value !== "";
    const size = isSingle ? 6 : data.count > 5000 ? 2 : 3;
    context.globalAlpha = isSingle ? 1 : 0.75;
    let shown = 0;
    for (let k = 0; k < data.count; k++) {
      const i = (k * SCATTER) % data.count;
      if (!isShown(i) || !Number.isFinite(logMass[i])) continue;
      const position = max > min ? (values[i] - min) / (max - min) : 0.5;
      const step = Math.min(ramp.length - 1, Math.max(0, Math.floor(position * ramp.length)));
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
    paintKey(min, max, isCut ? ["≤ ", "≥ "] : ["", ""]);
    plane.dataset.shown = String(shown);
  }

  function paintKey(min, max, [below, above]) {
    const canvas = get("key");
    const { context, width, height } = fit(canvas);
    const ramp = data.ramps.points;
    ramp.forEach((color, k) => {
      context.fillStyle = color;
      context.fillRect(k * width / ramp.length, 0, width / ramp.length + 1, height);
    });
    get("key-min").textContent = below + show(min);
    get("key-max").textContent = above + show(max);
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

`;
