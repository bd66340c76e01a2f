/**
 * The page that predicts, without a browser: its policy, its size, its programs as they were built, and
 * what its worker answers, which is what `predict` says.
 */
import {
  assert,
  assertEquals,
  assertLess,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { openEngine } from "../mod.ts";
import { encodeFits, formatTable } from "../src/formats/mod.ts";
import { SOURCE_OPTIONS } from "../src/observed/mod.ts";
import { makePage } from "../src/page/mod.ts";
import type { Choices, PackedNetwork } from "../src/page/protocol.ts";
import { Session } from "../src/page/session.ts";
import { hashSource } from "../src/report/mod.ts";
import { assertRefused, documentOf, terse } from "./cli_process.ts";
import { makeRun, ONE_COLUMN, ONE_THREAD } from "./cli_runs.ts";
import { drawMockTable } from "./mock_table.ts";

const folder = Deno.makeTempDirSync({ prefix: "terse_page_" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const ROOT = new URL("..", import.meta.url);
const SPT = new URL("fixtures/xmm_spt_bulbul_chiu_2019.fits", ROOT).pathname;
const PAGE = await makePage({ version: "test" });

function networksOf(page: string): PackedNetwork[] {
  return JSON.parse(/id="networks">([^<]*)</.exec(page)![1]!);
}

async function openSession(): Promise<Session> {
  const session = new Session();
  await session.start(await openEngine("core", { threads: 1 }), networksOf(PAGE));
  return session;
}

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("The page is one file below 2 MB whose policy allows its own program, style and worker only", async () => {
  assertLess(encode(PAGE).length, 2e6);
  assertEquals(await makePage({ version: "test" }), PAGE);
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(PAGE)![1]!;
  const scripts = [...PAGE.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => text!);
  const styles = [...PAGE.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, text]) => text!);
  assertEquals([scripts.length, styles.length], [1, 1]);
  assertEquals(policy.split("; "), [
    "default-src 'none'",
    `script-src '${await hashSource(scripts[0]!)}' 'wasm-unsafe-eval'`,
    `style-src '${await hashSource(styles[0]!)}'`,
    "worker-src blob:",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types terse-worker",
  ]);
  // Nothing that loads, and no style or handler in an attribute, which the policy would refuse.
  const markup = PAGE.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, "");
  assertEquals(markup.match(/\b(src|href|action|style|on\w+)=(?!"(#|data:,"))/g), null);
});

Deno.test("The programs of the page are those that their sources give", async () => {
  const path = `${folder}/browser_code.ts`;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ".ci/build_page.ts", path],
    cwd: ROOT,
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const committed = Deno.readTextFileSync(new URL("src/page/browser_code.ts", ROOT));
  assert(
    Deno.readTextFileSync(path) === committed,
    "src/page/browser_code.ts is not current: run deno task build:page and commit it",
  );
});

Deno.test("The page's numbers are those of predict: the same document and the same text", async () => {
  const session = await openSession();
  const table = drawMockTable({ seed: 5, catalogs: 2 });
  const csv = [...formatTable(table)].join("");
  const path = `${folder}/two.csv`;
  Deno.writeTextFileSync(path, csv);
  const opened = session.open(encode(csv), SOURCE_OPTIONS);
  assertEquals([opened.tables.length, opened.form], [1, "CSV, commas between fields"]);
  const { network, proposals, count } = session.table(opened.chosen!);
  assertEquals([network, count], [0, table.count]);
  const mapping = Object.fromEntries(
    proposals.map(({ target, expression }) => [target, expression]),
  );
  const choices: Choices = { network, mapping, h: 0.704, catalogId: "id" };
  const checked = session.check(choices);
  assertEquals(checked.fault, "");
  const done: number[] = [];
  const { found, text } = await session.predict(choices, (now) => done.push(now));
  assertEquals(done, [1, 2]);
  assertEquals(checked.used, found.catalogs.reduce((sum, { used }) => sum + used, 0));
  const args = [
    "predict",
    `--catalog=${path}`,
    `--columns=${checked.mapping}`,
    "--catalog-id=id",
    ...ONE_THREAD,
    "--quiet",
    "--leave-one-out",
    `--to=${folder}/two_terse.csv`,
  ];
  assertEquals<unknown>(documentOf(await terse(folder, ...args, "--json")), found);
  assertEquals((await terse(folder, ...args)).stdout.trimEnd(), text);
  assertEquals([...session.save()].join(""), Deno.readTextFileSync(`${folder}/two_terse.csv`));

  const second = await session.catalog(1);
  assertEquals(second.count, found.catalogs[1]!.used);
  assertEquals(second.points.rows.at(-1), table.count);
  const { sigma8, density } = second.posterior!;
  const step = sigma8[1]! - sigma8[0]!;
  const mass = density.reduce((sum, value) => sum + step * value, 0);
  assertLess(Math.abs(mass - 1), 3e-4); // the tails are left out
  const mean = sigma8.reduce((sum, x, i) => sum + step * x * density[i]!, 0) / mass;
  assertLess(Math.abs(mean - found.catalogs[1]!.sigma8!), 1e-4);
  const [first, next] = second.strongest.change;
  assert(Math.abs(first!) >= Math.abs(next!) && Math.abs(next!) > 0);
});

Deno.test("The page takes the smaller network for SPT's clusters, finds their columns, and says not to apply it", async () => {
  const session = await openSession();
  const { chosen } = session.open(Deno.readFileSync(SPT), SOURCE_OPTIONS);
  const { network, proposals, written, columns } = session.table(chosen!);
  assertEquals(networksOf(PAGE)[network]!.name, "global");
  const mapping = Object.fromEntries(
    proposals.map(({ target, expression }) => [target, expression]),
  );
  const choices: Choices = { network, mapping, h: 0.7, catalogId: undefined };
  const { targets, used } = session.check(choices);
  assertEquals(targets.map(({ name, numbers, above }) => [name, numbers, above]), [
    ["logLuminosity", 68, 0],
    ["logTemperature", 68, 0],
    ["logGasMass", 68, 0],
    ["redshift", 68, 60],
  ]);
  assertEquals(used, 8);
  const { found } = await session.predict(choices, () => {});
  assertEquals(found.catalogs.map(({ verdict }) => verdict), ["do not apply"]);
  // Every column that may be chosen by hand is written with its unit.
  const cex = columns.findIndex(({ name }) => name === "Txcex");
  assertEquals(written["logTemperature"]![cex]!.expression, "log10(Txcex[keV])");
  assertEquals(written["logGasMass"]![cex], null);
});

Deno.test("An infinite temperature is a gap with a name of its own, in every form of table", async () => {
  const session = await openSession();
  const numbers = [5, Infinity, -Infinity, NaN, 6];
  const texts = ["5", "inf", "-Infinity", "", "6"];
  const votable = `<VOTABLE><RESOURCE><TABLE><FIELD name="T" datatype="double"/>
    <DATA><TABLEDATA>${texts.map((text) => `<TR><TD>${text}</TD></TR>`).join("")}</TABLEDATA></DATA>
    </TABLE></RESOURCE></VOTABLE>`;
  const fits = {
    name: "CLUSTERS",
    header: [],
    count: 5,
    columns: [{ name: "T", data: Float64Array.from(numbers), shape: [] }],
  };
  for (
    const file of [
      encode(["T;L", ...texts.map((text) => `${text};1e44`)].join("\n")),
      encode(votable),
      encodeFits([fits]),
    ]
  ) {
    const { chosen } = session.open(file, SOURCE_OPTIONS);
    const { columns } = session.table(chosen!);
    assertStringIncludes(columns[0]!.note, "2 values are infinite and cannot be used");
    const mapping = { logTemperature: "log10(T)", logLuminosity: "T-T+0.1", logGasMass: "T-T+13" };
    const { refused, used } = session.check({ network: 1, mapping, h: 0.7, catalogId: undefined });
    assertEquals(used, 2);
    assertEquals(refused.map(({ reason, rows }) => `${rows} ${reason.split(": ")[1]}`), [
      "2 T is infinite",
      "1 T is not a number",
    ]);
  }
});

Deno.test("One cluster is counted as one", async () => {
  const session = await openSession();
  session.open(encode("T,L,M\n5,1e44,1e13\n"), SOURCE_OPTIONS);
  session.table("1");
  const mapping = {
    logTemperature: "log10(T)",
    logLuminosity: "log10(L)-44",
    logGasMass: "log10(M*h)",
  };
  const choices = { network: 1, mapping, h: 0.7, catalogId: undefined };
  const { text, found } = await session.predict(choices, () => {});
  assertStringIncludes(text, "1 of 1 cluster used");
  assertEquals(
    found.catalogs[0]!.reasons[0],
    "There is 1 cluster, at least 8 are needed for a verdict",
  );
  assertEquals(text.match(/\b1 \w+s\b/g)?.filter((words) => !/1 is/.test(words)), undefined);
});

Deno.test("Checks say what is wrong with an expression, and how many rows are outside of the mocks", async () => {
  const session = await openSession();
  const lines = ["T,L,M", "5,1e44,1e13", "x,2e44,1e13", "50,3e44,1e13", "6,3e44,-1"];
  session.open(encode(lines.join("\n")), SOURCE_OPTIONS);
  session.table("1");
  const check = (mapping: Record<string, string>) =>
    session.check({ network: 1, mapping, h: 0.7, catalogId: undefined });
  const whole = {
    logTemperature: "log10(T)",
    logLuminosity: "log10(L)-44",
    logGasMass: "log10(M*h)",
  };
  const { targets, fault, used, refused } = check(whole);
  const [luminosity, temperature, gas, redshift] = targets;
  assertEquals([fault, used, refused.length], ["", 1, 3]);
  assertEquals([luminosity!.numbers, luminosity!.missing], [4, 0]);
  assertEquals([temperature!.missing, temperature!.reason, temperature!.above], [
    1,
    "T is not a number",
    1,
  ]);
  assertEquals([gas!.missing, gas!.reason], [1, "M*h is not above 0"]);
  assertEquals(redshift!.fault, "no column is chosen");
  const wrong = check({ ...whole, logTemperature: "log10(Temp)" });
  assertStringIncludes(wrong.targets[1]!.fault, "no column Temp");
  assertStringIncludes(wrong.fault, "no column Temp");
  assertStringIncludes(check({ logTemperature: "T" }).fault, "logLuminosity, logGasMass are read");
  await assertRejects(
    () => session.predict({ network: 1, mapping: {}, h: 0.7, catalogId: undefined }, () => {}),
    TypeError,
    "are read",
  );
});

Deno.test("A file that is not a table is refused with its kind, and the one before is forgotten", async () => {
  const session = await openSession();
  session.open(encode("T\n1\n2\n"), SOURCE_OPTIONS);
  const refuse = (bytes: Uint8Array, words: string) =>
    assertThrows(() => session.open(bytes, SOURCE_OPTIONS), Error, words);
  refuse(encode("<!doctype html><html>"), "an HTML page");
  refuse(encode("%PDF-1.7"), "a PDF document");
  refuse(encode(""), "Cannot read");
  refuse(Deno.readFileSync(SPT).subarray(0, 9000), "Cannot read");
  refuse(encodeFits([{ name: "A", count: 0, columns: [], header: [] }]), "no rows");
  assertThrows(() => session.table("1"), TypeError, "there is no file yet");
});

Deno.test("page writes the page into a folder, with a run folder's network first if one is named", async () => {
  const written = documentOf(await terse(folder, "page", `--out=${folder}/site`, "--json"));
  assertEquals(written.page, `${folder}/site/predict.html`);
  const page = Deno.readTextFileSync(`${folder}/site/predict.html`);
  assertEquals(encode(page).length, written.bytes);
  assertEquals(networksOf(page).map(({ name }) => name), ["compact", "global"]);
  assertRefused(await terse(folder, "page", `--run=${folder}/none`), 1, "none");
});

Deno.test("A page with a network of one's own offers it first and answers as predict --run does", async () => {
  await makeRun(folder, `${folder}/own`, ...ONE_COLUMN);
  const args = [`--run=${folder}/own`, `--out=${folder}/own_page`, "--quiet", "--json"];
  documentOf(await terse(folder, "page", ...args));
  const page = Deno.readTextFileSync(`${folder}/own_page/predict.html`);
  assertLess(encode(page).length, 2e6);
  const networks = networksOf(page);
  assertEquals(networks.map(({ run }) => run), [`${folder}/own`, null, null]);
  const session = new Session();
  const summaries = await session.start(await openEngine("core", { threads: 1 }), networks);
  assertStringIncludes(summaries[0]!.title, `${folder}/own: logTemperature`);
  const csv = [...formatTable(drawMockTable({ seed: 6, catalogs: 1 }))].join("");
  Deno.writeTextFileSync(`${folder}/one.csv`, csv);
  const { network } = session.table(session.open(encode(csv), SOURCE_OPTIONS).chosen!);
  assertEquals(network, 0);
  const { text } = await session.predict(
    { network, mapping: {}, h: 0.704, catalogId: undefined },
    () => {},
  );
  const told = await terse(
    folder,
    ...["predict", `--run=${folder}/own`, `--catalog=${folder}/one.csv`, ...ONE_THREAD],
    "--quiet",
  );
  assertEquals(told.code, 0, told.stderr);
  assertEquals(told.stdout.trimEnd(), text);
});
