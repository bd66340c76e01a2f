/**
 * The report in a real browser: what it loads, what its views show, and what it saves.
 */
import { assert, assertEquals, assertLessOrEqual, assertNotEquals } from "@std/assert";
import { FIGURES, renderPage } from "../src/report/mod.ts";
import { formatCsv } from "../src/formats/mod.ts";
import type { TestPage, WithPage } from "./chromium.ts";
import { passOn, setWidth, withBrowser } from "./chromium.ts";
import { makeReportData } from "./report_run.ts";
import { findReason, testWith } from "./tools.ts";

const IGNORE = await findReason(["chromium"]) !== null;

const folder = IGNORE ? "" : Deno.makeTempDirSync();
const file = `${folder}/report.html`;
const url = `file://${file}`;
const data = IGNORE ? undefined : await makeReportData(60);
if (data) Deno.writeTextFileSync(file, await renderPage(data));

/** What is tested on one page, as its reader uses it, by a sentence. */
const tests: [name: string, body: (page: TestPage) => Promise<void>][] = [];

/** What is tested on pages of its own in the same browser. */
const testsAlone: [name: string, body: (withPage: WithPage) => Promise<void>][] = [];

function test(name: string, body: (page: TestPage) => Promise<void>): void {
  tests.push([name, body]);
}

function testAlone(name: string, body: (withPage: WithPage) => Promise<void>): void {
  testsAlone.push([name, body]);
}

test("The report loads nothing but itself and breaks no rule of its own policy", async ({ complaints, requests, evaluate }) => {
  assertEquals(await evaluate("document.querySelectorAll('figure svg').length"), 24);
  assertEquals(complaints, []);
  assertEquals(requests, [url]);
});

testAlone(
  "A policy that forbids all else stops a script that was not in the report",
  async (withPage) => {
    const page = Deno.readTextFileSync(file).replace(
      "</main>",
      "<script>window.foreign=1</script></main>",
    );
    Deno.writeTextFileSync(`${folder}/foreign.html`, page);
    await withPage(`file://${folder}/foreign.html`, async ({ complaints, evaluate }) => {
      assertEquals(await evaluate("typeof window.foreign"), "undefined");
      assert(complaints.some((text) => /Content Security Policy/.test(text)), String(complaints));
    });
  },
);

/** Scrolls the plane into view and returns where it is. */
const PLANE =
  "(() => { const plane = document.getElementById('plane'); plane.scrollIntoView({block: 'center'});" +
  " const {left, top, width, height} = plane.getBoundingClientRect(); return {left, top, width, height}; })()";

test("Pointing at a cluster shows its row of the saliency map and its numbers", async ({ send, evaluate, complaints, waitFor }) => {
  const { left, top, width, height } = await evaluate<
    { left: number; top: number; width: number; height: number }
  >(PLANE);
  assertEquals(await evaluate("document.getElementById('details').children.length"), 0);
  await send("Input.dispatchMouseEvent", {
    type: "mouseMoved",
    x: left + 0.5 * width,
    y: top + 0.5 * height,
  });
  await waitFor("document.getElementById('details').children.length > 0");
  const shown = await evaluate<string[]>(
    "[...document.querySelectorAll('#details dd')].map((d) => d.textContent)",
  );
  const [catalog, row] = shown[0]!.split(", ").map(Number);
  const table = data!.interpretation!.terseTable;
  const cluster = table.catalog.findIndex((c, i) => c === catalog && table.row[i] === row);
  const close = (text: string, value: number) =>
    assertLessOrEqual(Math.abs(Number(text) - value), 2e-3 * Math.max(1, Math.abs(value)));
  close(shown[1]!, table.terse[cluster]!);
  close(shown[2]!, table.logMass[cluster]!);
  close(shown[9]!, table.sigma8[cluster]!);
  close(shown[10]!, data!.interpretation!.leaveOneOut.change[cluster]!);
  assertEquals(
    await evaluate("({...document.getElementById('map').dataset})"),
    catalog! < 40 ? { catalog: String(catalog), row: String(row) } : { catalog: "" },
  );
  assertEquals(complaints, []);
});

test("The keyboard alone moves from cluster to cluster in order of mass", async ({ send, evaluate, waitFor }) => {
  await evaluate("document.getElementById('plane').focus()");
  const press = async (key: string) => {
    await send("Input.dispatchKeyEvent", { type: "keyDown", key });
    await send("Input.dispatchKeyEvent", { type: "keyUp", key });
  };
  const logMass = () =>
    evaluate<string>("document.querySelectorAll('#details dd')[2].textContent").then(Number);
  const masses = Float64Array.from(data!.interpretation!.terseTable.logMass).sort();
  await press("End");
  await waitFor("document.getElementById('details').children.length > 0");
  assertLessOrEqual(Math.abs(await logMass() - masses.at(-1)!), 0.006);
  await press("ArrowLeft");
  assertLessOrEqual(Math.abs(await logMass() - masses.at(-2)!), 0.006);
  await press("Home");
  assertLessOrEqual(Math.abs(await logMass() - masses[0]!), 0.006);
  await press("Escape");
  assertEquals(await evaluate("document.getElementById('details').children.length"), 0);
});

test("Pointing at a row of the saliency map chooses its cluster", async ({ send, evaluate, waitFor }) => {
  await evaluate(
    "(() => { const list = document.getElementById('in-catalog'); list.value = '3';" +
      " list.dispatchEvent(new Event('change')); document.getElementById('plane').focus(); })()",
  );
  await send("Input.dispatchKeyEvent", { type: "keyDown", key: "Home" });
  await waitFor("document.getElementById('map').dataset.catalog === '3'");
  const { left, top } = await evaluate<{ left: number; top: number }>(
    PLANE.replace("'plane'", "'map'"),
  );
  await send("Input.dispatchMouseEvent", { type: "mouseMoved", x: left + 5, y: top + 2 });
  await waitFor("document.querySelector('#details dd').textContent === '3, 0'");
  assertEquals(
    await evaluate(
      "/^Saliency of log\\(T\\): /.test(document.getElementById('pixel').textContent)",
    ),
    true,
  );
});

test("Points can be colored by any column", async ({ evaluate }) => {
  const keys = await evaluate<string[]>(
    "[...document.getElementById('color-by').options].map(({value}) => { const list =" +
      " document.getElementById('color-by'); list.value = value; list.dispatchEvent(new" +
      " Event('change')); return document.getElementById('plane').toDataURL().slice(-2000) +" +
      " document.getElementById('key-min').textContent; })",
  );
  assertEquals(keys.length, 11);
  assertEquals(new Set(keys).size, keys.length);
});

test("Every figure can be saved as SVG, PNG and CSV", async ({ send, evaluate, complaints }) => {
  const saved = Deno.makeTempDirSync();
  await send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: saved });
  await evaluate(
    "document.querySelectorAll('#figure-9 .tools button').forEach((button) => button.click())",
  );
  const names = [
    "figure-9.png",
    "figure-9.svg",
    "figure-9_bands.csv",
    "figure-9_distributions.csv",
  ];
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = [...Deno.readDirSync(saved)].map(({ name }) => name);
    if (names.every((name) => found.includes(name))) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { columns } = FIGURES[8]!.draw(data!)!;
  assertEquals(
    Deno.readTextFileSync(`${saved}/figure-9_bands.csv`),
    formatCsv(columns["bands"]!),
  );
  const png = Deno.readFileSync(`${saved}/figure-9.png`);
  assertEquals([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  assertEquals(new DataView(png.buffer).getUint32(16), 2 * 960);
  assert(Deno.readTextFileSync(`${saved}/figure-9.svg`).startsWith("<svg "));
  assertEquals(complaints, []);
  Deno.removeSync(saved, { recursive: true });
});

test("The page turns dark with the system and by its button", async ({ send, evaluate }) => {
  const color = () => evaluate<string>("getComputedStyle(document.body).backgroundColor");
  const ink = () =>
    evaluate<string>("getComputedStyle(document.querySelector('#figure-9 svg text')).fill");
  const [light, lightInk] = [await color(), await ink()];
  await send("Emulation.setEmulatedMedia", {
    features: [{ name: "prefers-color-scheme", value: "dark" }],
  });
  const dark = await color();
  assertNotEquals(dark, light);
  assertNotEquals(await ink(), lightInk);
  await evaluate("document.getElementById('theme').click()");
  assertEquals(await color(), light);
  await evaluate("document.getElementById('theme').click()");
  assertEquals(await color(), dark);
});

testAlone("Without scripts the report still shows every figure and table", async (withPage) => {
  const visible =
    "[...document.querySelectorAll('figure svg')].filter((svg) => svg.clientWidth > 0).length";
  await withPage(url, async ({ evaluate, complaints }) => {
    assertEquals(await evaluate(visible), 24);
    assertEquals(await evaluate("document.getElementById('explorer').clientHeight"), 0);
    assertEquals(await evaluate("document.querySelector('.tools').clientHeight"), 0);
    assertEquals(
      await evaluate("document.getElementById('explorer-unavailable').clientHeight > 0"),
      true,
    );
    assertEquals(complaints, []);
  }, { scripts: "off" });
});

test("A narrow screen scrolls within wide figures, not the page", async ({ send, evaluate }) => {
  await setWidth(send, 390);
  assertLessOrEqual(await evaluate<number>("document.documentElement.scrollWidth"), 390);
});

test("Print leaves out what paper cannot do and is light", async ({ send, evaluate }) => {
  await evaluate("document.documentElement.dataset.theme = 'dark'");
  await send("Emulation.setEmulatedMedia", { media: "print" });
  const height = (selector: string) =>
    evaluate<number>(`document.querySelector('${selector}').getBoundingClientRect().height`);
  for (const selector of ["#explorer", "nav", ".tools", "#theme"]) {
    assertEquals(await height(selector), 0, selector);
  }
  assertEquals(
    await evaluate("getComputedStyle(document.body).backgroundColor"),
    "rgb(255, 255, 255)",
  );
  assertEquals(
    await evaluate("getComputedStyle(document.querySelector('svg .f-sheet')).fill"),
    "rgb(255, 255, 255)",
  );
});

await testWith(
  ["chromium"],
  "The report works in a browser",
  (context) =>
    withBrowser(async (withPage) => {
      await withPage(url, async (page) => {
        for (const [name, body] of tests) {
          await context.step(name, () => body(page));
          await passOn(page);
        }
      });
      for (const [name, body] of testsAlone) await context.step(name, () => body(withPage));
    }).finally(() => Deno.removeSync(folder, { recursive: true })),
);
