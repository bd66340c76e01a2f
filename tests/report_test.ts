/**
 * The report room: drawings that are well formed and hold the numbers, tables, and a page that
 * refers to nothing outside itself.
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import config from "../deno.json" with { type: "json" };
import { PAPER_NETWORK } from "../src/interpretation/faithfulness/paper_network.ts";
import { labelFigure } from "../src/report/figure_list/entry.ts";
import type { LeaveOneOut } from "../mod.ts";
import type { Table4Entry } from "../src/evaluation/mod.ts";
import type { TerseTable } from "../src/interpretation/mod.ts";
import { createRandom, PRESETS } from "../mod.ts";
import { makeTable4 } from "../src/evaluation/mod.ts";
import { correlation } from "../src/numerics/mod.ts";
import type { ReportData, ScatterSetting } from "../src/report/mod.ts";
import {
  binHexagons,
  COLORS,
  createPanel,
  describeDifference,
  describeOrder,
  domainOf,
  drawArchitecture,
  drawLeaveOneOut,
  drawPredictions,
  drawSelfCalibration,
  drawTerseLayer,
  element,
  FIGURES,
  formatMarkdown,
  hashSource,
  labelHtml,
  labelSpans,
  labelText,
  MISSING_WORD,
  MOST_CLUSTERS,
  packExplorer,
  parseLabel,
  renderPage,
  tabulateRelations,
  tabulateScatter,
  tabulateSeeds,
  ticksOf,
} from "../src/report/mod.ts";
import { formatCsv } from "../src/formats/mod.ts";
import { makeReportData } from "./report_run.ts";

const data: ReportData = await makeReportData(60);
const page: string = await renderPage(data);
const drawn = FIGURES.map((entry) => ({ ...entry, figure: entry.draw(data)! }));

/** Throws where text is not well-formed XML: tags that do not nest, bare "&" or "<", attributes. */
function checkWellFormed(text: string): void {
  const open: string[] = [];
  const token = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [whole, closing, name, attributes = "", empty, content] = match;
    end = match.index + whole.length;
    for (const words of [content ?? "", attributes]) {
      assert(!/&(?!(amp|lt|gt|quot|#39);)/.test(words), `bare ampersand in ${words}`);
    }
    const names = [...attributes.matchAll(/\s([\w:-]+)=/g)].map(([, key]) => key);
    assertEquals(new Set(names).size, names.length, `an attribute twice in ${whole}`);
    if (closing) assertEquals(open.pop(), name);
    else if (name && !empty) open.push(name);
  }
  assertEquals(end, text.length, `no XML: ${text.slice(end, end + 80)}`);
  assertEquals(open, []);
}

Deno.test("the check of well-formed XML finds what is wrong", () => {
  checkWellFormed('<a b="1"><c/>x &amp; y</a>');
  for (const wrong of ["<a><b></a></b>", "<a b=1/>", "<a>&</a>", "<a", '<a b="1" b="2"/>']) {
    assertThrows(() => checkWellFormed(wrong), Error, undefined, wrong);
  }
});

Deno.test("there is an entry for each of the paper's 21 figures, in order", () => {
  const own = FIGURES.filter(({ variant }) => variant === undefined);
  assertEquals(own.map(({ number }) => number), Array.from({ length: 21 }, (_, i) => i + 1));
  const exact = FIGURES.filter(({ variant }) => variant === "exact").map(({ number }) => number);
  assertEquals(exact, [9, 11, 12]);
});

for (const entry of drawn) {
  const { figure } = entry;
  const number = labelFigure(entry);
  Deno.test(`figure ${number} is well-formed SVG of finite numbers that refers to no other file`, () => {
    const { svg } = figure;
    checkWellFormed(svg);
    assert(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 '));
    assert(!/NaN|undefined|null|Infinity/.test(svg));
    assert(!/<(script|style|image|foreignObject|use)\b|\son\w+=|\sstyle=|href=/.test(svg));
    assertEquals(svg.match(/https?:/g), ["http:"], "only the namespace has an address");
    for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) assertStringIncludes(svg, `id="${id}"`);
  });

  Deno.test(`figure ${number} has its numbers in columns of equal length`, () => {
    const panels = Object.entries(figure.columns);
    assertGreater(panels.length, 0);
    for (const [panel, columns] of panels) {
      const lengths = new Set(Object.values(columns).map(({ length }) => length));
      assertEquals(lengths.size, 1, panel);
      assertGreater([...lengths][0]!, 0, panel);
      const [head, ...rows] = formatCsv(columns).trimEnd().split("\n");
      assertGreater(head!.length, 0);
      assertEquals(rows.length, [...lengths][0]!);
    }
  });
}

Deno.test("ids are unique over all figures, which share a page", () => {
  const ids = drawn.flatMap(({ figure }) =>
    Array.from(figure.svg.matchAll(/\sid="([^"]+)"/g), ([, id]) => id!)
  );
  assertGreater(ids.length, 40);
  assertEquals(new Set(ids).size, ids.length);
});

Deno.test("the same data give the same bytes", async () => {
  assertEquals(await renderPage(data), page);
});

Deno.test("the page allows only its own script and style, by their hashes", async () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)![1]!;
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)![1]!;
  const scripts = Array.from(page.matchAll(/<script>([\s\S]*?)<\/script>/g), ([, text]) => text!);
  assertEquals(scripts.length, 1);
  assertEquals(policy.split("; "), [
    "default-src 'none'",
    `script-src '${await hashSource(scripts[0]!)}'`,
    `style-src '${await hashSource(style)}'`,
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

Deno.test("the hash of a source is SHA-256 in base64", async () => {
  assertEquals(await hashSource(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
});

Deno.test("the page names no address outside itself", () => {
  const addresses = new Set(page.match(/[a-z]+:\/\/[^\s"'<>)]+/g));
  assertEquals([...addresses], ["http://www.w3.org/2000/svg"]);
  assert(!/<(link|img|iframe|object|embed|base)\b|@import|\ssrc=|\sstyle=|\son[a-z]+="/.test(page));
  const targets = Array.from(page.matchAll(/href="([^"]*)"/g), ([, target]) => target!);
  assertGreater(targets.length, 20);
  for (const target of targets) assertStringIncludes(page, `id="${target.slice(1)}"`);
});

Deno.test("the linked views say how many of the clusters they hold", () => {
  const { count } = data.interpretation!.terseTable;
  assertStringIncludes(page, `All ${count} clusters of the 60 test catalogs are here.`);
});

Deno.test("text of the run is escaped wherever it stands", async () => {
  const attack = '</script><img src=x onerror="alert(1)">&';
  const hostile = await renderPage({
    title: attack,
    facts: [{ name: attack, value: attack }],
    scatter: makeTable4({}, createRandom(1)),
    seeds: [{
      name: attack,
      count: 1,
      missing: 0,
      mean: 1,
      standardDeviation: null,
      min: 1,
      max: 1,
    }],
    densityProfiles: [{ name: attack, radii: [1], squaredDensity: [1], error: [0.1], fit: [1] }],
  });
  assert(!hostile.includes("<img"));
  assertEquals(hostile.match(/<\/script>/g)!.length, hostile.match(/<script/g)!.length);
  assertStringIncludes(
    hostile,
    "&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;",
  );
});

Deno.test("a page holds far less than 5 MB, and a full one's clusters less than 3 MB", () => {
  assertLess(page.length, 3e6);
  const { interpretation } = data;
  const count = 3 * MOST_CLUSTERS;
  const column = () => Float64Array.from({ length: count }, (_, i) => Math.sin(i));
  const { terseTable, leaveOneOut } = interpretation!;
  const large = Object.fromEntries(
    Object.entries(terseTable).map(([name, value]) => [
      name,
      typeof value === "number"
        ? count
        : value instanceof Uint32Array
        ? Uint32Array.from({ length: count }, (_, i) =>
          name === "row" ? i % 80 : Math.floor(i / 80))
        : column(),
    ]),
  ) as unknown as TerseTable;
  const width = interpretation!.saliency.pixels.length;
  const maps = Array.from({ length: 2000 }, (_, catalog) => ({
    catalog,
    sigma8: 0.8,
    count: 80,
    width,
    saliency: new Float32Array(80 * width).fill(0.3),
    logMass: new Float64Array(80),
  }));
  const packed = packExplorer({
    ...interpretation!,
    terseTable: large,
    leaveOneOut: { ...leaveOneOut, count: 0 },
    saliency: { ...interpretation!.saliency, maps },
  });
  assertEquals(packed.count, MOST_CLUSTERS);
  assertEquals(packed.total, count);
  assertLess(JSON.stringify(packed).length, 3e6);
});

Deno.test("data of the page's script come back as they were, to a 65534th of their range", () => {
  const json = /id="explorer-data">([\s\S]*?)<\/script>/.exec(page)![1]!;
  assert(!json.includes("<"));
  const { columns, catalogs, maps, largestWord } = JSON.parse(json);
  const { terseTable, leaveOneOut, saliency } = data.interpretation!;
  assertEquals(catalogs.reduce((a: number, b: number) => a + b), terseTable.count);
  const read = ({ words, min, max }: { words: string; min: number; max: number }) => {
    const bytes = Uint8Array.from(atob(words), (c) => c.charCodeAt(0));
    return Array.from(new Uint16Array(bytes.buffer), (word) => {
      assert(word !== MISSING_WORD);
      return min + (max - min) * word / largestWord;
    });
  };
  for (const { name, ...column } of columns) {
    if (name === "exact") continue; // has gaps, and a test of its own
    const expected = name === "change" ? leaveOneOut.change : terseTable[name as "terse"];
    const tolerance = (column.max - column.min) / largestWord;
    read(column).forEach((value, i) => assertAlmostEquals(value, expected[i]!, tolerance));
  }
  const bytes = Uint8Array.from(atob(maps[1].bytes), (c) => c.charCodeAt(0));
  bytes.forEach((byte, i) =>
    assertAlmostEquals(maps[1].max * byte / 255, saliency.maps[1]!.saliency[i]!, maps[1].max / 255)
  );
});

Deno.test("what cannot be left out has no leave-one-out value, and is not given one", () => {
  const { interpretation } = data;
  const { leaveOneOut } = interpretation!;
  const kept = (values: Uint32Array) => values.filter((_, i) => leaveOneOut.catalog[i]! > 0);
  const without: LeaveOneOut = {
    ...leaveOneOut,
    count: kept(leaveOneOut.catalog).length,
    catalog: kept(leaveOneOut.catalog),
    row: kept(leaveOneOut.row),
    change: leaveOneOut.change.filter((_, i) => leaveOneOut.catalog[i]! > 0),
  };
  const packed = packExplorer({ ...interpretation!, leaveOneOut: without });
  const bytes = Uint8Array.from(
    atob(packed.columns.find(({ name }) => name === "change")!.words),
    (c) => c.charCodeAt(0),
  );
  const words = new Uint16Array(bytes.buffer);
  const first = packed.catalogs[0]!;
  assert(words.subarray(0, first).every((word) => word === MISSING_WORD));
  assert(words.subarray(first).every((word) => word !== MISSING_WORD));
});

Deno.test("a report without data says of every figure and table that it was not computed", async () => {
  const empty = await renderPage({ title: "Nothing", facts: [] });
  assertEquals(empty.match(/Not computed in this run: needs/g)!.length, 23); // all but the drawing
  assertEquals(empty.match(/<svg /g)!.length, 1);
  for (
    const what of ["Table 2", "Table 4", "Spread over trainings", "The paper's six conclusions"]
  ) {
    assertStringIncludes(empty, `${what}: not computed in this run`);
  }
  assert(!/NaN|undefined/.test(empty.replace(/<script>[\s\S]*<\/script>/, "")));
});

Deno.test("the page says of what its numbers were measured on", async () => {
  assertStringIncludes(page, "on a synthetic stand-in for the paper");
  const read = await renderPage({ title: "", facts: [], sample: "file" });
  assert(!read.includes("stand-in"));
  assertStringIncludes(read, "the base sample that was read from a file");
});

Deno.test("every piece of data may be missing by itself", async () => {
  const keys = Object.keys(data).filter((key) => key !== "title" && key !== "facts");
  assertGreaterOrEqual(keys.length, 17);
  for (const missing of keys) {
    const rest = Object.fromEntries(
      Object.entries(data).filter(([key]) => key !== missing),
    ) as unknown as ReportData;
    const html = (await renderPage(rest)).replace(/<script[\s\S]*?<\/script>/g, "");
    assert(!/NaN|undefined/.test(html), missing);
  }
});

Deno.test("a mass bin with too few clusters is a gap in the leave-one-out bands", () => {
  const { leaveOneOut } = data.interpretation!;
  const whole = drawLeaveOneOut(leaveOneOut);
  const gapped = drawLeaveOneOut({
    ...leaveOneOut,
    bands: leaveOneOut.bands.filter((_, i) => i !== 3),
  });
  const starts = (svg: string) =>
    svg.match(/d="(M[^"]*)"[^>]*class="s-navy"/)![1]!.match(/M/g)!.length;
  assertEquals(starts(whole.svg), 1);
  assertEquals(starts(gapped.svg), 2);
  assertEquals(
    gapped.columns["bands"]!["from"]!.length,
    whole.columns["bands"]!["from"]!.length - 1,
  );
});

Deno.test("figures without a bin that is full enough say so instead of drawing one", () => {
  const { leaveOneOut } = data.interpretation!;
  const figure = drawLeaveOneOut({ ...leaveOneOut, bands: [] });
  assertStringIncludes(figure.svg, "too few clusters in every bin");
  const calibration = { ...data.selfCalibration!, cells: [], regions: [] };
  const plane = drawSelfCalibration(calibration).svg;
  assertStringIncludes(plane, "too few catalogs in every bin");
  assertStringIncludes(plane, "no bin for region A");
});

Deno.test("a coordinate that is not finite is refused", () => {
  assertThrows(
    () => element("circle", { cx: NaN }),
    RangeError,
    "Cannot draw: a coordinate is NaN, should be a finite number",
  );
});

Deno.test("a page whose data hold a value that cannot be drawn is refused", async () => {
  const panel = {
    title: "",
    curves: [{ label: "x", of: "volume" as const, logMass: [14, 15], counts: [1, 2] }],
  };
  await assertRejects(
    () =>
      renderPage({
        title: "",
        facts: [],
        abundance: { panel, binWidth: Infinity },
        network: {
          architecture: { ...PRESETS.paper.architecture, dense: [NaN] },
          inputs: { pixels: 15, supplementary: 2 },
          parameters: 1,
        },
      }),
    RangeError,
    "Cannot draw",
  );
});

Deno.test("hexagons of the terse layer count every cluster once", () => {
  const { terseTable } = data.interpretation!;
  const { columns } = drawTerseLayer("figure-15", terseTable, ["logMass", "sigma8"]);
  for (const panel of ["logMass", "sigma8"]) {
    const clusters = Array.from(columns[panel]!["clusters"]!);
    assertEquals(clusters.reduce((a, b) => a + b), terseTable.count);
  }
});

Deno.test("hexagons lie where their points are", () => {
  const x = Float64Array.from({ length: 2000 }, (_, i) => Math.sin(i));
  const y = x.map((value, i) => 3 * value + 0.2 * Math.cos(7 * i));
  const panel = createPanel(
    "p",
    { x: 50, y: 20, width: 300, height: 200 },
    { label: "", domain: domainOf([x]) },
    { label: "", domain: domainOf([y]) },
  );
  const { hexagons } = binHexagons(panel, x, y, 5);
  const weighted = hexagons.flatMap(({ x, y, count }) => Array(count).fill([x, y]));
  const columns = [weighted.map(([x]) => x), weighted.map(([, y]) => y)] as const;
  assertGreater(correlation(...columns), 0.98);
  assertAlmostEquals(columns[0].reduce((a, b) => a + b) / 2000, 0, 0.02);
});

Deno.test("a column of few values has a row of hexagons a value", () => {
  const y = Float64Array.from({ length: 1000 }, (_, i) => 0.7 + 0.01 * (i % 23));
  const x = y.map((_, i) => Math.sin(i));
  const panel = createPanel(
    "p",
    { x: 0, y: 0, width: 300, height: 270 },
    { label: "", domain: [-1, 1] },
    { label: "", domain: domainOf([y]) },
  );
  const rows = new Set(binHexagons(panel, x, y, 5).hexagons.map(({ y }) => y.toFixed(6)));
  assertEquals([...rows].sort(), [...new Set(Array.from(y, (value) => value.toFixed(6)))].sort());
});

Deno.test("the drawing of an architecture shows every width of its record", () => {
  for (const { architecture } of Object.values(PRESETS)) {
    const { svg, columns } = drawArchitecture(architecture, { pixels: 15, supplementary: 2 });
    const widths = Array.from(columns["layers"]!["width"]!);
    const { encoder, convolution, cluster, dense, regression, outputs } = architecture;
    const output = outputs === "value" ? 1 : 2;
    const middle = regression === "set"
      ? [6, ...cluster, cluster.at(-1)! + 5]
      : [...convolution, convolution.at(-1)!];
    assertEquals(widths, [15, ...encoder, 1, 2, ...middle, ...dense, output]);
    for (const width of widths) assertStringIncludes(svg, `>${width}</text>`);
  }
});

Deno.test("predictions are drawn at their values", () => {
  const predictions = data.predictions!;
  const { svg, columns } = drawPredictions("figure-8", predictions);
  assertEquals(columns["catalogs"]!["predicted"], predictions.predicted);
  assertEquals(svg.match(/<circle[^>]*r="1.8"/g)!.length, predictions.truth.length);
  assertStringIncludes(svg, predictions.errors.scatter.toFixed(4));
});

Deno.test("labels keep their words and set sub- and superscripts", () => {
  assertEquals(parseLabel("σ_8 at 10^{14.4}"), [
    { text: "σ", place: "line" },
    { text: "8", place: "sub" },
    { text: " at 10", place: "line" },
    { text: "14.4", place: "super" },
  ]);
  assertEquals(labelHtml("M_{500} < x"), "M<sub>500</sub> &lt; x");
  assertEquals(labelText("M_{500} 10^{44}"), "M500 10^44");
  const shifts = Array.from(
    labelSpans("a_1 b^2 c", 10).matchAll(/dy="([^"]+)"/g),
    ([, dy]) => Number(dy),
  );
  assertAlmostEquals(shifts.reduce((a, b) => a + b), 0, 1e-9);
});

Deno.test("logarithmic axes label powers of ten, and their halves where powers are few", () => {
  const labels = (low: number, high: number) =>
    ticksOf({ label: "", kind: "log", domain: [low, high] }).map(({ label }) => label).filter(
      Boolean,
    );
  assertEquals(labels(0.5, 2000), ["1", "10", "100", "10^{3}"]);
  assertEquals(labels(0.09, 1.1), ["0.1", "0.2", "0.5", "1"]);
});

Deno.test("CSV leaves a field empty where there is no number, and quotes names", () => {
  assertEquals(formatCsv({ 'a,"b"': [1, NaN], c: [0.1 + 0.2] }), '"a,""b""",c\n1,0.3\n,\n');
});

const row = (scatter: number): Table4Entry => ({
  test: { count: 497, scatter, scatterError: 0.0007, bias: -0.001 },
  fresh: "not measured",
});
const TABLE4 = (shuffled: number) =>
  makeTable4({ standard: row(0.0212), shuffled: row(shuffled) }, createRandom(1));
const SETTING: ScatterSetting = { sample: "stand-in", globalPooling: "mean+max" };

Deno.test("Table 4 has the paper's column next to ours and a comment on each difference", () => {
  const table = tabulateScatter(TABLE4(0.0201), SETTING);
  assert(table.rows.every((row) => row.length === table.columns.length));
  assertEquals(table.rows.map((row) => row[3]), [
    "0.0212 ± 0.0009",
    "0.0262 ± 0.0011",
    "0.0297 ± 0.0013",
    "0.0620 ± 0.0027",
    "0.0650 ± 0.0030",
    ...Array(3).fill("not in the paper"),
  ]);
  assertEquals(table.rows[0]!.slice(1, 3), ["0.0212 ± 0.0007 (497)", "not computed in this run"]);
  assertEquals(table.rows[0]![4], "−0.0010");
  assertStringIncludes(table.rows[0]![5]!, "agrees");
  assertStringIncludes(table.rows[1]![5]!, "23% lower, 4.7 errors: ");
  assertEquals(table.rows[2]!.slice(4), ["", ""]);
});

Deno.test("a row of Table 4 that could not be measured says why", () => {
  const entry = { test: "fewer than 2 catalogs", fresh: "not measured" };
  const { rows } = tabulateScatter(makeTable4({ ones: entry }, createRandom(1)), SETTING);
  assertEquals(rows[3]!.slice(1, 3), ["fewer than 2 catalogs", "not computed in this run"]);
});

Deno.test("a difference is given a reason in its own direction, and of this network", () => {
  const ours = { scatter: 0.0201, scatterError: 0.0007 };
  const both = describeDifference("shuffled", ours, SETTING);
  assertStringIncludes(both, "lower");
  assertStringIncludes(both, "the additional mean");
  const maximum = { sample: "file", globalPooling: "max" } as const;
  const alone = describeDifference("shuffled", ours, maximum);
  assert(!alone.includes("the additional mean") && alone.includes("of a file"), alone);
  const blind = describeDifference("shuffled", ours, { ...SETTING, globalPooling: "set" });
  assertStringIncludes(blind, "does not know the order of clusters");
  assertStringIncludes(
    describeDifference("countBaseline", { ...ours, scatter: 0.1 }, SETTING),
    "54% higher",
  );
  assertEquals(describeDifference("limit", ours, SETTING), "");
});

Deno.test("the order of Table 4 is stated where both rows are there", () => {
  const order = describeOrder(TABLE4(0.0262));
  assertEquals(order.map(({ findings }) => findings.length), [1, 0, 0, 0]);
  assertStringIncludes(order[0]!.findings[0]!, "holds on test catalogs, 5.");
  assertEquals(describeOrder(TABLE4(0.018))[0]!.fails, true);
  assertEquals(describeOrder(TABLE4(0.0216))[0]!.fails, false);
});

Deno.test("Table 2 has the paper's power laws next to the base sample's", () => {
  const markdown = formatMarkdown(tabulateRelations(data.relations!));
  for (const paper of ["1.74", "−24.81", "0.61", "−8.25", "1.16", "−3.32"]) {
    assertStringIncludes(markdown, `| ${paper} |`);
  }
  assertEquals(markdown.trim().split("\n").length, 7);
});

Deno.test("the spread over trainings says where a number was not defined", () => {
  const { rows } = tabulateSeeds(data.seeds!);
  assertEquals(rows.find(([name]) => name === "r(terse, sigma8)")![1], "1 (1 not defined)");
});

/** Relative luminance of a color (WCAG 2.1). */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const value = parseInt(hex.slice(i, i + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

Deno.test("lines and text stand out from the sheet on light and on dark pages", () => {
  const backgrounds = ["sheet", "grid", "sky"]; // areas and the small dots under the medians
  for (const tone of ["light", "dark"] as const) {
    const sheet = luminance(COLORS.sheet[tone]);
    for (const [name, color] of Object.entries(COLORS)) {
      if (backgrounds.includes(name)) continue;
      const [low, high] = [sheet, luminance(color[tone])].sort((a, b) => a - b);
      const least = name === "ink" || name === "muted" ? 4.5 : 3;
      assertGreater((high! + 0.05) / (low! + 0.05), least, `${name}, ${tone}`);
    }
  }
});

Deno.test("the first screen has three numbers, three verdicts with what decides them, and a picture", () => {
  const screen = /<section class="card" id="answers">[\s\S]*?<\/section>/.exec(page)![0];
  assertEquals(screen.match(/<tr>/g)!.length, 4);
  assertEquals(screen.match(/<li>/g)!.length, 3);
  assertEquals(screen.match(/<svg /g)!.length, 1);
  assertStringIncludes(
    screen,
    data.faithfulness!.scores.verdict.faithful ? "faithful" : "not faithful",
  );
  assertStringIncludes(screen, "calibrated");
  // The noise of the paper's network stands next to that of this one.
  const { leaveOneOut } = data.faithfulness!.scores;
  const own = (leaveOneOut as { noise: number }).noise.toFixed(4);
  assertStringIncludes(screen, `of which ${own} are noise`);
  assertStringIncludes(screen, `of its network here, ${PAPER_NETWORK.noise.toFixed(4)} are noise`);
  assert(page.indexOf('id="answers"') < page.indexOf('id="figure-1"'));
  assert(page.indexOf('id="settings"') > page.indexOf('id="figure-21"'));
});

Deno.test("what is recorded of the paper's network is a measurement that a task repeats", () => {
  const { r, rError, noise, command } = PAPER_NETWORK;
  assert(r > -1 && r < 1 && rError > 0 && rError < 1 && noise > 0 && noise < 0.1);
  const [, task] = /^deno task ([\w:]+) -- --only paper --page \S+$/.exec(command)!;
  assert(Object.hasOwn(config.tasks, task!), `${task} is no task`);
});

Deno.test("the paper's six conclusions stand in one table, by the network and exactly", () => {
  const table = /six conclusions[\s\S]*?<\/table>/.exec(page)![0];
  assertEquals(table.match(/<tr>/g)!.length, 7);
  for (const { outcome } of data.conclusions!.network) assertStringIncludes(table, outcome);
});

Deno.test("the linked views know the exact change of clusters that have one", () => {
  const column = packExplorer(data.interpretation!, data.faithfulness!.details).columns
    .find(({ name }) => name === "exact")!;
  const bytes = Uint8Array.from(atob(column.words), (letter) => letter.charCodeAt(0));
  const known = new Uint16Array(bytes.buffer).filter((word) => word !== MISSING_WORD).length;
  const compared = data.faithfulness!.details.leaveOneOut;
  assert(!("gap" in compared));
  assertEquals(known, compared.columns["exact"]!.length);
});
