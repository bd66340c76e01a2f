/** `evaluate`, `calibrate`, `robustness` and `report` with the network of a survey on the sky. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { RunError, UsageError } from "../cli/program/errors.ts";
import { findSurveyNetwork, refuseForSurvey } from "../cli/stages/survey_network.ts";
import { loadMeasuredSurvey } from "../cli/storage/sky_report_files.ts";
import { assertRefused, documentOf, makeTestFolder, readFolder, terse } from "./cli_process.ts";

const folder = makeTestFolder("survey_network");

const OUT = `${folder}/hiflugcs`;
const SAMPLE = new URL("../fixtures/hiflugcs.csv", import.meta.url).pathname;
const ENGINE = ["--backend=core", "--threads=1"];

function run(command: string, ...args: string[]) {
  return terse(folder, command, `--out=${OUT}`, ...args);
}

type ByNumber<T> = Readonly<Record<"S8" | "omegaM" | "sigma8", T>>;

Deno.test("evaluate, calibrate and robustness know the three numbers of a survey's network", async () => {
  const own = ["--survey=hiflugcs", ...ENGINE, "--json"];
  const { evaluation } = documentOf(await run("evaluate", "--fresh-test=30", ...own)) as {
    evaluation: {
      count: number;
      coverage: ByNumber<{ rmsError: number; rmsWidth: number }>;
      joint: { probability: number };
    };
  };
  assertEquals(evaluation.count, 30);
  assertAlmostEquals(evaluation.coverage.S8.rmsWidth, 0.027, 0.003);
  assertAlmostEquals(evaluation.coverage.omegaM.rmsWidth, 0.07, 0.01);
  const calibrated = documentOf(
    await run("calibrate", "--catalogs=20", "--explicit=2", ...own),
  ) as { explicit: number; agreement: ByNumber<{ widthRatio: number; distance: number }> };
  assertEquals(calibrated.explicit, 2);
  assertAlmostEquals(calibrated.agreement.S8.widthRatio, 1, 0.15);
  assert(calibrated.agreement.omegaM.distance < 1);
  const { rows } = documentOf(await run("robustness", "--catalogs=15", ...own)) as {
    rows: { name: string; moved: ByNumber<number>; count: number }[];
  };
  const moved = (name: string) => rows.find((row) => row.name.startsWith(name))!.moved;
  assertEquals(moved("as trained").S8, 0);
  // Brighter clusters at the same temperatures are more volume: a lower S8. Hotter ones are heavier.
  assert(moved("fluxes 25%").S8 < moved("fluxes 10%").S8 && moved("fluxes 10%").S8 < -0.1);
  assert(moved("temperatures").S8 > 0.5);
  const files = Object.keys(readFolder(OUT)).sort();
  for (const name of ["calibration.json", "evaluation.json", "robustness.json"]) {
    assert(files.includes(name), name);
  }
  assert(files.includes("figures/calibration_omegaM_ranks.csv"), files.join(" "));
});

Deno.test("report of a survey has contours, verdict, every cluster by name, conclusions and a forecast", async () => {
  const found = documentOf(
    await run("report", `--catalog=${SAMPLE}`, "--survey=hiflugcs", ...ENGINE, "--json"),
  ) as { page: string; missing: string[] };
  assertEquals(found.missing, []);
  const page = Deno.readTextFileSync(found.page);
  const heads = Array.from(page.matchAll(/<h2>(.*?)<\/h2>/g), ([, text]) => text!);
  assertEquals(heads, [
    "The answer",
    "Verdict: consistent",
    "What each cluster does to the answer",
    "What the answer leans on",
    "How good the network is",
    "What moves the answer by how much",
    "The paper&#39;s six conclusions for a survey by flux",
    "Forecast",
  ]);
  assertStringIncludes(page, "54 clusters: S");
  for (const name of ["A754", "A2163", "Coma"]) {
    assertStringIncludes(page, `<th scope="row">${name}</th>`);
  }
  assertEquals(page.match(/<svg /g)!.length, 3);
  assert(!/<script|https?:\/\/(?!www\.w3\.org)/.test(page));
  const cloud = Deno.readTextFileSync(`${OUT}/figures/sky_1_network.csv`).split("\n");
  assertEquals(cloud[0], "omega_m,sigma8,weight");
});

Deno.test("what a survey's network cannot do is refused in one line", async () => {
  assertRefused(
    await terse(folder, "report", `--out=${folder}/other`, `--catalog=${SAMPLE}`),
    2,
    "--catalog",
    "survey on the sky",
  );
  const find = (name: string, survey?: string) =>
    findSurveyNetwork({ out: `${folder}/${name}`, survey });
  await assertRejects(() => find("other", "reflex-like"), RunError, "none ships, run");
  assertEquals(await find("other"), null);
  Deno.mkdirSync(`${folder}/paper`);
  Deno.writeTextFileSync(`${folder}/paper/experiment.json`, "{}");
  assertEquals(await find("paper"), null);
  await assertRejects(
    () => find("paper", "hiflugcs"),
    RunError,
    "experiment of the paper's survey",
  );
  assertThrows(() => refuseForSurvey({ seeds: true }), UsageError, "--seeds");
  Deno.mkdirSync(`${folder}/broken`);
  Deno.writeTextFileSync(`${folder}/broken/calibration.json`, '{"calibration": 3}');
  assertThrows(() => loadMeasuredSurvey(`${folder}/broken`), RunError, "it has no evaluation");
});
