/**
 * A stranger's hour: in an empty folder, with an empty home, the lines of the README and its pages, one
 * after the other as a shell runs them, each with the permissions that are written there. Deno's downloads come
 * from the cache of this machine where they are in it.
 */
import { assert, assertEquals, assertGreater, assertLess, assertStringIncludes } from "@std/assert";
import { copyNpmSettings, networkVariables } from "./environment.ts";
import { DESIGN } from "./cli_runs.ts";
import { findReason } from "./tools.ts";
import { VERSION } from "../cli/program/version.ts";

const REPOSITORY = new URL("..", import.meta.url).pathname;
/** The pages that the lines are from. */
const PAGES = ["README.md", "cli/README.md", "src/interpretation/safety/README.md"]
  .map((path) => Deno.readTextFileSync(`${REPOSITORY}${path}`)).join("\n");

const folder = Deno.makeTempDirSync({ prefix: "terse_stranger_" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const HOME = `${folder}/home`;
const WORK = `${folder}/work`;
/** Where the lines that look into a run find a smaller one. */
const SMALLER = `${folder}/smaller`;

/** Programs other than those of a bare Linux, of which the stranger has Deno alone. */
const PROGRAMS = `${folder}/programs`;
for (const path of [HOME, WORK, SMALLER, PROGRAMS]) Deno.mkdirSync(path);
copyNpmSettings(HOME);
Deno.symlinkSync(Deno.execPath(), `${PROGRAMS}/deno`);

const ENVIRONMENT = {
  ...networkVariables(),
  HOME,
  PATH: `${HOME}/.deno/bin:${PROGRAMS}:/usr/bin:/bin`,
  DENO_DIR: downloads(),
  NO_COLOR: "1",
};

function downloads(): string {
  const { stdout } = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/** Runs lines in a shell, which must succeed, and returns what they print. */
async function type(lines: string, where = WORK): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-e", "-c", lines],
    cwd: where,
    clearEnv: true,
    env: ENVIRONMENT,
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert(success, `${lines}\n${text(stdout)}${text(stderr)}`);
  return text(stdout);
}

/** Runs a line of the pages, to the letter. */
async function typeFromPages(line: string, where = WORK): Promise<string> {
  assertStringIncludes(PAGES, line);
  return await type(line, where);
}

const readText = (path: string): string => Deno.readTextFileSync(path);
const readJson = (path: string) => JSON.parse(readText(path));

const PYTHON = "/usr/bin/python3";

/** Options of a design whose values of these biases are 1 alone. */
const fixed = (...names: string[]): string =>
  names.flatMap((name) => ["min", "max"].map((end) => `--set catalog.priors.${name}.${end}=1`))
    .join(" ");

/** 12 catalogs of a sky that the network has not seen: another base sample, other seeds. */
const OTHER_SKY = `terse simulate --out=runs/sky --seed=7 --set=catalog.priors.sigma8.step=0.02 ${
  fixed("luminosityBias", "temperatureBias", "gasMassBias")
}`;

/** 414 catalogs, by which a network of the default size learns as much of single clusters. */
const FEWER_CATALOGS = DESIGN.join(" ");

/** 138 catalogs of few clusters, so that drawing, training and measuring again take little time. */
const SMALL_SKY = `${fixed("temperatureBias", "gasMassBias")} ` +
  "--set catalog.survey.volumeFraction=0.2";

/** A network of a hundred weights that sees one column, and epochs enough to be stopped among them. */
const NARROW = [
  ...["architecture.encoder=[8,4]", "architecture.cluster=[4]", "architecture.dense=[4]"],
  ...['features.pixels=["logTemperature"]', "features.supplementary=[]"],
].map((field) => `--set '${field}'`).concat("--epochs 40").join(" ");

/** A survey as an observer has it: linear, without h, other names; once honest, four times with a fault. */
const SURVEY = `
import numpy
from astropy.table import Table, vstack

sky = Table.read("runs/sky/catalogs.fits", hdu="CATALOGS")[5]
rows = slice(sky["firstRow"], sky["firstRow"] + sky["count"])
mock = Table.read("runs/sky/catalogs.fits", hdu="CLUSTERS")[rows]
h = 0.7

def observe(fault, luminosities=1e44, lengths=h, kelvin=1):
    survey = Table({
        "kT": kelvin * 10 ** mock["logTemperature"],
        "L 500": luminosities * 10 ** mock["logLuminosity"],
        "M_lens": 10 ** mock["logWeakLensingMass"] / lengths,
        "dMg": 10 ** mock["logGasMassProfile"] / lengths,
        "slope": mock["gasSlopeProfile"],
    })
    survey["survey"] = fault
    survey["kT"].unit = "keV"
    survey["L 500"].unit = "erg/s"
    return survey

honest = observe("honest")
honest["kT"][3] = numpy.nan
bright = observe("truncated")
bright = bright[bright["L 500"] > numpy.median(bright["L 500"])]
shuffled = observe("shuffled")
random = numpy.random.default_rng(1)
fifth = random.choice(len(shuffled), len(shuffled) // 5, replace=False)
for name in ["kT", "L 500", "M_lens", "dMg", "slope"]:
    shuffled[name][fifth] = shuffled[name][random.permutation(fifth)]
faults = [observe("without h", lengths=h * h), observe("kelvin", kelvin=1.16e7), bright, shuffled]
vstack([honest, *faults]).write("survey.fits")
print(sky["sigma8"], len(mock))
`;

const MAPPING = [
  "logTemperature = log10(kT[keV])",
  'logLuminosity = log10("L 500[erg s-1]") - 44',
  "logWeakLensingMass = log10(M_lens * h)",
  "logGasMassProfile = log10(dMg * h)",
  "gasSlopeProfile = slope",
].join(", ");

/** Reads the files with NumPy and astropy. */
const LOADED = `
import numpy
from astropy.table import Table

features = numpy.load("runs/export/features.npz")
catalogs = Table.read("runs/sky/catalogs.fits", hdu="CATALOGS")
clusters = Table.read("runs/export/clusters.csv")
print((features["sigma8"] == catalogs["sigma8"]).all(), (features["count"] == catalogs["count"]).all())
print(features["pixels"].dtype, features["pixels"].shape == (len(clusters), 15))
`;

interface Found {
  readonly id: string;
  readonly rows: number;
  readonly used: number;
  readonly refused: readonly { readonly reason: string; readonly rows: number }[];
  readonly sigma8: number | null;
  readonly verdict: string;
  readonly reasons: readonly string[];
}

interface Step {
  /** A true sentence. */
  readonly name: string;
  readonly needsPython?: true;
  readonly run: () => Promise<void>;
}

const HOUR: readonly Step[] = [
  {
    name: "A clone is installed by one line",
    async run() {
      const present = [...Deno.readDirSync(HOME)].map(({ name }) => name);
      assertEquals(present.filter((name) => name !== ".npmrc"), []);
      await type(`git clone -q "${REPOSITORY}" terse 2>&1 || cp -r "${REPOSITORY}" terse`, folder);
      await typeFromPages(
        "deno install --global --name terse --config deno.json --frozen=false " +
          "--allow-read --allow-write=runs cli/main.ts",
        `${folder}/terse`,
      );
      assertEquals(await type("terse --version"), `${VERSION}\n`);
    },
  },
  {
    name: "demo predicts sigma8 of catalogs by the network that ships, and writes nothing",
    async run() {
      const { catalogs, terseCorrelations } = JSON.parse(await type("terse demo --json"));
      assertEquals(catalogs.length, 3);
      for (const { sigma8, predicted } of catalogs) assertLess(Math.abs(predicted - sigma8), 0.08);
      assertGreater(terseCorrelations.logMass, 0.5);
      assertEquals([...Deno.readDirSync(WORK)], []);
    },
  },
  {
    name: "reproduce gives Table 4's first row, not better than the information limit allows",
    async run() {
      assertStringIncludes(await typeFromPages("terse reproduce"), "Standard");
      const { test, fresh } = readJson(`${WORK}/runs/standard/results.json`);
      assertEquals([test.count, fresh.count], [497, 3000]);
      assertGreater(fresh.scatter + 3 * fresh.scatterError, 0.0186);
      assertLess(fresh.scatter, 0.0212);
    },
  },
  {
    name: "interpret tells what the network has learned",
    async run() {
      await type(`terse reproduce ${FEWER_CATALOGS} --fresh-test=2`, SMALLER);
      assertStringIncludes(await typeFromPages("terse interpret", SMALLER), "Not overspecialized");
      const { headlines } = readJson(`${SMALLER}/runs/standard/interpretation.json`);
      assertGreater(headlines["leave one out: lowered"], 0.5);
      assertGreater(headlines["terse layer: r(terse, log M)"], 0.5);
      assertLess(headlines["overspecialization: partial significance"], 5);
    },
  },
  {
    name: "report is one page that needs no network, with a link to each figure's numbers",
    async run() {
      assertStringIncludes(await typeFromPages("terse report", SMALLER), "17 of 21 figures");
      const page = readText(`${SMALLER}/runs/standard/report.html`);
      assertEquals(page.match(/<(script|link|img|iframe)[^>]+(src|href)="(?!data:|#)[^"]*/g), null);
      const { length } = [...Deno.readDirSync(`${SMALLER}/runs/standard/figures`)]
        .filter(({ name }) => /^figure_\d\d\.svg$/.test(name));
      assertEquals(length, 17);
    },
  },
  {
    name:
      "predict reads a FITS table of other names and units, and finds the fault in four of five",
    needsPython: true,
    async run() {
      await type(OTHER_SKY);
      Deno.writeTextFileSync(`${WORK}/survey.py`, SURVEY);
      const [sigma8, count] = (await type(`${PYTHON} survey.py`)).split(" ").map(Number);
      const options = `--columns '${MAPPING}' --h 0.7 --catalog-id survey --json`;
      const line = `terse predict --run runs/standard --catalog survey.fits ${options}`;
      const catalogs: Found[] = JSON.parse(await type(line)).catalogs;
      const [honest, ...faulty] = catalogs;
      const reason = "logTemperature: kT is not a number";
      assertEquals(honest!.refused, [{ reason, rows: 1 }]);
      assertEquals([honest!.rows, honest!.used, honest!.verdict], [
        count,
        count! - 1,
        "consistent",
      ]);
      assertLess(Math.abs(honest!.sigma8! - sigma8!), 0.08);
      assertEquals(
        faulty.map(({ id, verdict }) => [id, verdict]),
        ["without h", "kelvin", "truncated", "shuffled"].map((id) => [id, "do not apply"]),
      );
      const told = [
        "Msun instead of Msun/h",
        "0 of",
        "faint clusters were missing",
        "those of others",
      ];
      faulty.forEach(({ reasons }, i) => assertStringIncludes(reasons[0]!, told[i]!));
    },
  },
  {
    name: "Real clusters train and judge a network of their own columns, by the page's lines",
    async run() {
      const start =
        "deno run --allow-read --allow-write=runs cli/main.ts simulate --out runs/global";
      const block = PAGES.split("```").find((text) => text.startsWith(`sh\n${start}`));
      assert(block, `the pages have no block that begins with ${start}`);
      const lines = block.slice("sh\n".length).replace(start, `${start} ${SMALL_SKY}`);
      const found = await type(lines, `${folder}/terse`);
      assertStringIncludes(found, "68 of 68 clusters used");
      assertStringIncludes(found, "Is it safe to apply? do not apply");
    },
  },
  {
    name: "What export writes is read by NumPy and by astropy",
    needsPython: true,
    async run() {
      const from = (run: string) => `terse export --run=runs/${run} --out=runs/export`;
      await type(`${from("sky")} --what=features --format=npz
        ${from("sky")} --what=catalogs --format=csv
        ${from("standard")} --what=weights --format=tfjs`);
      Deno.writeTextFileSync(`${WORK}/load.py`, LOADED);
      assertEquals(await type(`${PYTHON} load.py`), "True True\nfloat32 True\n");
      assertEquals(readJson(`${WORK}/runs/export/model.json`).format, "layers-model");
    },
  },
  {
    name: "Two shards of simulate, drawn at the same time, are merged to the bits of one run",
    async run() {
      await type(`
        terse simulate --out=runs/whole ${SMALL_SKY}
        terse simulate --out=runs/shards ${SMALL_SKY} --shard=1/2 & first=$!
        terse simulate --out=runs/shards ${SMALL_SKY} --shard=2/2
        wait $first
        terse simulate --out=runs/shards --merge
        cmp runs/whole/catalogs.fits runs/shards/catalogs.fits`);
    },
  },
  {
    name: "A training on them that is killed resumes, to the bits of the run",
    async run() {
      await type(`
        terse train --out=runs/whole ${NARROW}
        terse train --out=runs/shards ${NARROW} & process=$!
        while kill -0 $process && [ ! -e runs/shards/checkpoints/last.safetensors ]; do sleep 0.02; done
        kill -9 $process
        wait $process || true # until it gives its folder back
        [ ! -e runs/shards/weights.safetensors ]
        terse train --out=runs/shards ${NARROW}
        for file in catalogs.fits weights.safetensors history.csv; do
          cmp runs/whole/$file runs/shards/$file
        done`);
    },
  },
];

Deno.test("A stranger installs, demos, reproduces, interprets, reports, predicts, exports, merges and resumes", async (t) => {
  for (const { name, needsPython, run } of HOUR) {
    const reason = needsPython ? await findReason(["astropy", "numpy"]) : null;
    const title = reason === null ? name : `${name} [ignored: ${reason}]`;
    const ignore = reason !== null;
    if (!await t.step({ name: title, ignore, fn: run }) && !ignore) return;
  }
});
