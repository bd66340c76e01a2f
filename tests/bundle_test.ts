/**
 * A program of one's own, outside the repository: it imports `mod.ts` by its address, and runs as it is,
 * as a bundle, and on a web page that is not cross-origin isolated.
 */
import { assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { withBrowser } from "./chromium.ts";
import { testWith } from "./tools.ts";

const ROOT = new URL("..", import.meta.url);

/** What a user would write, with narrow networks on few catalogs, so that it is done in seconds. */
const PROGRAM = `
import {
  buildSets, createRandom, drawBaseSample, drawDesign, experiment, interpretRun, measureErrors,
  openEngine, openModel, trainRun,
} from "${new URL("mod.ts", ROOT)}";
import { prepareLikelihood, sampleSigma8 } from "${new URL("src/evaluation/mod.ts", ROOT)}";
import { observeRows, prepareObservatory } from "${new URL("src/xray/mod.ts", ROOT)}";

async function runPreset(preset) {
  const choices = experiment("standard", preset, {
    architecture: { encoder: [8, 4], cluster: [4], dense: [4] },
    schedule: { epochs: 2 },
  });
  const base = drawBaseSample(choices.seed);
  const catalogs = [...drawDesign(choices, base, { from: 0, to: 60 })];
  const sets = buildSets(choices, catalogs);
  const engine = await openEngine("core");
  const run = await trainRun(engine, choices, { sets, base });
  const model = await openModel(engine, run);
  const { scatter } = measureErrors(await model.predict(sets.test), sets.test.map((c) => c.sigma8));
  const { saliency } = await interpretRun(engine, run, catalogs);
  engine.close();
  return [scatter, ...saliency.pixels.map(({ mean }) => mean)];
}

function sampleOne() {
  const { catalog, seed } = experiment("standard", "compact");
  const base = drawBaseSample(seed);
  const [{ clusters }] = drawDesign(experiment("standard", "compact"), base, { from: 0, to: 1 });
  const model = prepareLikelihood(base, catalog, "with weak lensing");
  return sampleSigma8(model, clusters, createRandom(1)).mean;
}

function observeOne() {
  const { cosmology, redshift, clusters } = drawBaseSample(1);
  const [{ quality }] = observeRows(
    prepareObservatory(cosmology, redshift), clusters, [0], createRandom(1));
  return quality;
}

const found = {
  compact: await runPreset("compact"),
  best: await runPreset("best"),
  limit: sampleOne(),
  observed: observeOne(),
};
if (globalThis.document) globalThis.found = found;
else console.log(JSON.stringify(found));
`;

interface Found {
  readonly compact: readonly number[];
  readonly best: readonly number[];
  readonly limit: number;
  readonly observed: string;
}

function deno(...args: string[]): string {
  const command = new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } });
  const { code, stdout, stderr } = command.outputSync();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

await testWith(
  ["chromium"],
  "a program of one's own gives the same bits as a bundle on a web page, on one thread",
  async () => {
    const folder = Deno.makeTempDirSync();
    Deno.writeTextFileSync(`${folder}/program.js`, PROGRAM);
    const here: Found = JSON.parse(deno("run", `${folder}/program.js`)); // it needs no permission
    assertEquals([here.compact.length, here.best.length, here.observed], [16, 16, "good"]);
    assertGreater(here.limit, 0.6);
    const config = `--config=${new URL("deno.json", ROOT).pathname}`;
    const bundle = ["bundle", config, "--quiet", "--platform=browser", "--code-splitting"];
    deno(...bundle, `--outdir=${folder}/page`, `${folder}/program.js`);
    const server = Deno.serve({ port: 0, onListen() {} }, async ({ url }) => {
      const { pathname } = new URL(url);
      const type = (type: string) => ({ headers: { "content-type": type } });
      const page = '<!doctype html><link rel="icon" href="data:,">' +
        '<script type="module" src="/program.js"></script>';
      if (pathname === "/") return new Response(page, type("text/html"));
      const bytes = await Deno.readFile(`${folder}/page${pathname}`);
      return new Response(bytes, type("text/javascript"));
    });
    const address = `http://localhost:${server.addr.port}/`;
    await withBrowser((withPage) =>
      withPage(address, async ({ evaluate, complaints, requests }) => {
        assertEquals(await evaluate("crossOriginIsolated"), false);
        while (complaints.length === 0 && !await evaluate("globalThis.found !== undefined")) {
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
        assertEquals(complaints, []);
        // The browser's V8 is another than Deno's, and so may be the last bits of its logarithms.
        const { limit, ...there } = await evaluate<Found>("globalThis.found");
        assertAlmostEquals(limit, here.limit, 1e-9);
        assertEquals({ ...there, limit: here.limit }, here);
        assertEquals(requests.filter((url) => !url.startsWith(address) && url !== "data:,"), []);
      })
    );
    await server.shutdown();
    Deno.removeSync(folder, { recursive: true });
  },
);
