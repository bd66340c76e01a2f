/** Lensing masses on the command line: `survey`, `predict --survey`, `columns` and `schema`. */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { prepareSkyDrawing } from "../src/catalogs/sky/draw.ts";
import { FIDUCIAL_SKY } from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import { MISSING_ERROR } from "../src/catalogs/sky/sky_clusters.ts";
import { prepareSkyLikelihood } from "../src/evaluation/sky/likelihood.ts";
import { createRandom } from "../src/numerics/random.ts";
import { parseMapping } from "../src/observed/column_mapping.ts";
import { readSkyCatalog } from "../src/observed/sky_catalog.ts";
import {
  convertMasses,
  convertSkyTable,
  SKY_TARGETS,
  SURVEY_COSMOLOGY,
} from "../src/observed/sky_units.ts";
import { readSourceTable } from "../cli/storage/source_table.ts";
import type { ConvertedPrediction } from "../cli/stages/sky_prediction.ts";
import { formatSkyPrediction } from "../cli/text/sky_text.ts";
import { assertRefused, documentOf, makeTestFolder, terse } from "./cli_process.ts";

const SURVEY = SKY_PRESETS["hiflugcs-lensing"].survey;
const MOCK = prepareSkyDrawing(SURVEY).draw(FIDUCIAL_SKY, createRandom(8));
const MASSES = MOCK.lensing!;
const has = (row: number) => MASSES.lnMassError[row]! < MISSING_ERROR;
const COUNT = [...MOCK.redshift.keys()].filter(has).length;
const FIRST = [...MOCK.redshift.keys()].find(has)!;

const HEADER = "name,z,flux,T,Mgas,e_lnL,e_lnT,e_lnMgas,M_WL,e_lnMWL";

/** The mock as a table; `change` may replace the fields of a row. */
function tableOf(
  change: (fields: string[], row: number) => string[] = (fields) => fields,
  header = HEADER,
): string {
  const rows = Array.from(MOCK.redshift, (z, row) => {
    const fields = [
      `C${row}`,
      String(z),
      ...[MOCK.lnFlux, MOCK.lnTemperature, MOCK.lnGasMass].map((ln) => String(Math.exp(ln[row]!))),
      ...["0.05", "0.05", "0.1"],
      has(row) ? String(Math.exp(MASSES.lnMass[row]!)) : "",
      has(row) ? "0.15" : "",
    ];
    return change(fields, row).join(",");
  });
  return [header, ...rows].join("\n") + "\n";
}

const folder = makeTestFolder("lensing");

function write(name: string, text: string): string {
  Deno.writeTextFileSync(`${folder}/${name}`, text);
  return `${folder}/${name}`;
}

const CATALOG = write("catalog.csv", tableOf());

Deno.test("survey reads lensing masses, their likelihood and the posterior of their bias", async () => {
  const lensing = { fraction: 0.5, scatter: 0.2, error: 0.15, biasError: 0.07 };
  const own = write("survey.json", JSON.stringify({ ...SKY_PRESETS.hiflugcs.survey, lensing }));
  const parameters = { ...FIDUCIAL_SKY, lensingBias: -0.04 };
  const found = documentOf(
    await terse(
      folder,
      "survey",
      ...[`--survey=${own}`, `--catalog=${CATALOG}`, "--posterior", "--json"],
      `--parameters=${write("parameters.json", JSON.stringify(parameters))}`,
    ),
  ) as { lnLikelihood: number; lensingMasses: number; posterior: Record<string, number[]> };
  const expected = prepareSkyLikelihood(SURVEY, MOCK).lnLikelihood(parameters);
  assertAlmostEquals(found.lnLikelihood, expected, 1e-8);
  assertEquals(found.lensingMasses, COUNT);
  assertEquals(Object.keys(found.posterior), ["sigma8", "omegaM", "S8", "lensingBias"]);
  const [low, , , , high] = found.posterior.lensingBias!;
  assert(low! < 0 && high! > 0 && high! - low! < 4 * 0.07);
});

Deno.test("predict converts lensing masses of another h and says what they add, mass by mass", async () => {
  // As somebody has them: h = 0.5, Einstein and de Sitter, in Msun, with errors in Msun.
  const foreign = tableOf((fields, row) => {
    const factors = convertMasses({ h: 0.5, omegaM: 1 }, MOCK.redshift[row]!);
    const own = fields.with(4, String(Number(fields[4]) / factors.gasMass));
    if (!has(row)) return own;
    const mass = Number(fields[8]) / factors.lensingMass * 1e14;
    return [...own.slice(0, 8), String(mass), String(0.15 * mass)];
  }, "name,z,flux,T,Mgas,e_lnL,e_lnT,e_lnMgas,Mlens,dM");
  const document = documentOf(
    await terse(
      folder,
      "predict",
      ...["--survey=hiflugcs-lensing", `--catalog=${write("foreign.csv", foreign)}`, "--json"],
      "--columns=M_WL=Mlens/1e14, e_lnMWL=dM/Mlens",
      ...["--h=0.5", "--source-omega-m=1"],
    ),
  );
  const text = formatSkyPrediction(document as unknown as ConvertedPrediction);
  assertStringIncludes(text, "lensing masses from h = 0.5, omegaM = 1 to h = 0.7");
  assertStringIncludes(text, "all 15 parameters free");
  assertStringIncludes(text, `${COUNT} lensing masses: bias b `);
  assertStringIncludes(text, "Goodness of fit, 47 statistics");
  assertStringIncludes(text, "no lensing masses: ");
  assertStringIncludes(text, "Without one lensing mass, change of S8 in widths:");
  const answer = document as unknown as {
    conversions: string[];
    lensing: {
      masses: number;
      bias: { deviation: number };
      residuals: { name: string; probability: number }[];
      clusters: { name: string; withoutLensing: number | null; slopes: Record<string, number> }[];
    };
    influences: unknown[];
    leansOn: { assumption: string; S8: { deviation: number } }[];
    likelihood: { S8: { deviation: number } };
    judgement: { verdict: string; tests: Record<string, number> };
  };
  assertEquals(answer.conversions.length, 5);
  const { masses, bias, residuals, clusters } = answer.lensing;
  assertEquals(masses, COUNT);
  assert(bias.deviation < 0.07);
  assertEquals(residuals.length, 14);
  assertEquals(clusters.length, MOCK.redshift.length);
  clusters.forEach(({ withoutLensing, slopes }, row) => {
    assertEquals(withoutLensing !== null, has(row));
    assertEquals(slopes.lensingMass !== null, has(row));
    assert(Number.isFinite(slopes.flux) && Number.isFinite(slopes.temperature));
  });
  assertEquals(answer.influences.length, MOCK.redshift.length);
  assertEquals(answer.judgement.verdict, "consistent");
  assert("offset of lensing masses" in answer.judgement.tests);
  const without = answer.leansOn.find(({ assumption }) => assumption === "no lensing masses")!;
  assert(without.S8.deviation > answer.likelihood.S8.deviation);
  const alone = answer.leansOn.find(({ assumption }) => assumption.endsWith("masses alone"))!;
  assert(alone.S8.deviation > answer.likelihood.S8.deviation);
});

Deno.test("bad lensing masses are refused in one line each", async () => {
  const change = (column: number, text: string) =>
    tableOf((fields, row) =>
      row === FIRST ? fields.map((field, c) => c === column ? text : field) : fields
    );
  const cases: [string, string[]][] = [
    [change(8, "-3"), [`M_WL of C${FIRST} is -3`, "should be above 0"]],
    [change(8, "0"), [`M_WL of C${FIRST} is 0`]],
    [change(9, ""), [`M_WL of C${FIRST} has no error e_lnMWL`]],
    [change(9, "-0.2"), [`e_lnMWL of C${FIRST} is -0.2`, "from 0 to 3"]],
    [change(9, "25"), [`e_lnMWL of C${FIRST} is 25`]],
    [tableOf((fields) => fields.slice(0, 9), HEADER.replace(",e_lnMWL", "")), ["has no error"]],
    [
      tableOf((fields, row) => has(row) ? fields.with(8, `${Number(fields[8]) * 1e14}`) : fields),
      ["lensing masses are 1", "e+14 times", "1e14 Msun, h = 0.7"],
    ],
    [
      tableOf((fields, row) => has(row) ? fields.with(8, `${Number(fields[8]) / 10}`) : fields),
      ["lensing masses are 0.", "standard deviations off"],
    ],
    [tableOf((fields) => fields.with(8, "heavy")), ["M_WL is a column of text"]],
  ];
  for (const [table, words] of cases) {
    const path = write("bad.csv", table);
    const args = ["--survey=hiflugcs-lensing", `--catalog=${path}`, "--json"];
    assertRefused(await terse(folder, "survey", ...args), 1, ...words);
  }
  assertRefused(
    await terse(folder, "predict", "--survey=hiflugcs", `--catalog=${CATALOG}`),
    1,
    "the survey has none",
    "hiflugcs-lensing",
  );
  const bad = write("bad.json", JSON.stringify({ ...SURVEY, lensing: { fraction: 2 } }));
  assertRefused(await terse(folder, "survey", `--survey=${bad}`), 1, "scatter is missing");
  assertRefused(
    await terse(folder, "train-survey", "--survey=hiflugcs", `--out=${folder}/run`, "--tie=-3"),
    2,
    "--tie",
    "it is -3, expected a number from 0 on",
  );
});

Deno.test("columns proposes the mapping of a survey, with lensing masses and errors", async () => {
  const path = write(
    "theirs.csv",
    "Cluster,redshift,Fx [erg/s/cm2],kT [keV],e_kT [keV],M_WL [1e14 Msun],e_M_WL [1e14 Msun]\n" +
      "A1,0.05,3e-11,5.1,0.2,4.2,0.9\nA2,0.08,2.5e-11,6.0,0.3,,\nA3,0.1,4e-11,7.5,0.4,8.1,1.2\n",
  );
  const { survey } = documentOf(await terse(folder, "columns", path, "--json")) as {
    survey: { target: string; expression: string }[];
  };
  const of = (target: string) => survey.find((proposal) => proposal.target === target)?.expression;
  assert(of("z")?.includes("redshift"));
  assert(of("flux")?.endsWith("*1e12"), of("flux"));
  assert(of("M_WL")?.includes("M_WL") && !of("M_WL")!.includes("/1e14"), of("M_WL"));
  assert(of("e_lnMWL")?.includes("e_M_WL"), of("e_lnMWL"));
  assert(of("e_lnT")?.includes("e_kT"), of("e_lnT"));
  const { stdout } = await terse(folder, "columns", path);
  assertStringIncludes(stdout, "A mapping for predict --survey:");
  const columns = survey.map(({ target, expression }) => `${target}=${expression}`).join(", ");
  // What predict reads by the mapping, before it samples anything.
  const mapping = parseMapping(`${columns}, name=Cluster`, SKY_TARGETS);
  const { table } = convertSkyTable(readSourceTable(path, undefined), mapping, SURVEY_COSMOLOGY);
  const { clusters, names } = readSkyCatalog(table, SURVEY, "leave out");
  assertEquals(names, ["A1", "A2", "A3"]);
  assertEquals([...clusters.lnFlux.map((ln) => Math.round(10 * Math.exp(ln)))], [300, 250, 400]);
  const { lnMass, lnMassError } = clusters.lensing!;
  assertAlmostEquals(Math.exp(lnMass[0]!), 4.2, 1e-6);
  assertAlmostEquals(lnMassError[2]!, 1.2 / 8.1, 1e-6);
  assertEquals(lnMassError[1]! >= MISSING_ERROR, true);
  const proposal = documentOf(await terse(folder, "columns", CATALOG, "--json")) as {
    survey: { target: string; expression: string }[];
  };
  assertEquals(
    proposal.survey.filter(({ target }) => /WL/.test(target)).map(({ expression }) => expression),
    ['"M_WL"', '"e_lnMWL"'],
  );
});
