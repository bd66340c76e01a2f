/**
 * The linked views as script text: the plane of terse value and mass, the saliency map of the
 * chosen cluster's catalog, and the cluster's numbers, linked by pointer and keyboard.
 */
import { CLUSTERS } from "./clusters.ts";
import { CLUSTER_PLANE } from "./cluster_plane.ts";
import { CLUSTER_ROW } from "./cluster_row.ts";

const LINKS = String.raw`
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
  const exact = byName.get("exact");
  const hasExact = (c) => exact !== undefined &&
    exact.values.subarray(firsts[c], firsts[c] + data.catalogs[c]).some(Number.isFinite);
  inCatalog.append(
    option("", "all"),
    ...data.catalogs.map((count, c) => option(
      String(c),
      c + (maps.has(c) ? " *" : "") + (hasExact(c) ? " †" : "") + ": N = " + count + ", σ8 = " + show(sigma8[firsts[c]]),
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
`;

/** Runs in the page: draws the views, and links them by the cluster under the pointer. */
export const EXPLORER: string = `(() => {
${CLUSTERS}${CLUSTER_PLANE}${CLUSTER_ROW}${LINKS}})();
`;
