/**
 * Files that were damaged at random: each is either refused with one clear line or, where nothing that
 * counts was hit, read as what it was. TERSE_MUTATIONS sets how many of each kind are tried.
 */
import { parse } from "@std/csv/parse";
import { assert, assertEquals, assertGreater } from "@std/assert";
import { gzipSync } from "node:zlib";
import { inFile, judgeError } from "../cli/program/errors.ts";
import { readSourceTable } from "../cli/storage/source_table.ts";
import {
  baseSampleFromTables,
  baseSampleToTable,
  catalogsFromTables,
  catalogsToTables,
} from "../src/runs/cluster_tables.ts";
import type { Random } from "../mod.ts";
import type { SavedArrays } from "../src/network/mod.ts";
import {
  createRandom,
  drawBaseSample,
  drawCatalog,
  experiment,
  mergeExperiment,
  prepareCatalogs,
  readSimulationTable,
  validateExperiment,
} from "../mod.ts";
import { designParameters } from "../src/catalogs/mod.ts";
import { SIGMA8_SCALE } from "../src/features/mod.ts";
import {
  decodeFits,
  decodeSafetensors,
  encodeFits,
  encodeSafetensors,
} from "../src/formats/mod.ts";
import {
  checkpointFromArrays,
  checkpointToArrays,
  initialWeights,
  inputWidths,
  trainingRunFromArrays,
  trainingRunToArrays,
} from "../src/network/mod.ts";
import { mapColumns, parseMapping } from "../src/observed/mod.ts";

const MUTATIONS = Number(Deno.env.get("TERSE_MUTATIONS") ?? 1000);
const SEED = 17;

/** Ways in which a file goes wrong, each at a random place. */
const DAMAGES: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  (bytes, random) => {
    const damaged = bytes.slice();
    damaged[pick(random, bytes.length)]! ^= 1 << pick(random, 8);
    return damaged;
  },
  (bytes, random) => {
    const damaged = bytes.slice();
    damaged[pick(random, bytes.length)] = pick(random, 256);
    return damaged;
  },
  (bytes, random) => bytes.slice(0, pick(random, bytes.length)),
  (bytes, random) => without(bytes, pick(random, bytes.length), 1 + pick(random, 40)),
  (bytes, random) => {
    const inserted = Uint8Array.from({ length: 1 + pick(random, 40) }, () => pick(random, 256));
    return insert(bytes, pick(random, bytes.length), inserted);
  },
  // A part of the file twice, as after a write that was tried again.
  (bytes, random) => {
    const from = pick(random, bytes.length);
    return insert(bytes, from, bytes.slice(from, from + 1 + pick(random, 400)));
  },
  // A digit for another, or a sign: what a hand would do to a text.
  (bytes, random) => {
    const damaged = bytes.slice();
    const digits = [...bytes.keys()].filter((i) => bytes[i]! >= 0x30 && bytes[i]! <= 0x39);
    const at = digits[pick(random, digits.length)] ?? 0;
    damaged[at] = '0123456789-eE.,"'.charCodeAt(pick(random, 16));
    return damaged;
  },
  // A hole of noise, as of a disk that has lost a sector.
  (bytes, random) => {
    const damaged = bytes.slice();
    const from = pick(random, bytes.length);
    for (let i = from; i < Math.min(bytes.length, from + 512); i++) damaged[i] = pick(random, 256);
    return damaged;
  },
];

const pick = (random: Random, count: number): number => Math.floor(random.uniform() * count);
const insert = (bytes: Uint8Array, at: number, part: Uint8Array): Uint8Array => {
  const longer = new Uint8Array(bytes.length + part.length);
  longer.set(bytes.subarray(0, at));
  longer.set(part, at);
  longer.set(bytes.subarray(at), at + part.length);
  return longer;
};
const without = (bytes: Uint8Array, at: number, count: number): Uint8Array => {
  const rest = bytes.subarray(at + count);
  const shorter = new Uint8Array(at + rest.length);
  shorter.set(bytes.subarray(0, at));
  shorter.set(rest, at);
  return shorter;
};

/**
 * Reads damaged forms of a file.
 *
 * @param check Looks at what was read where nothing was thrown
 * @returns How many were refused
 */
function tryDamages<T>(
  name: string,
  file: Uint8Array,
  read: (bytes: Uint8Array) => T,
  check: (value: T) => void,
  mutations: number = MUTATIONS,
): number {
  check(read(file));
  let refused = 0;
  for (let i = 0; i < mutations; i++) {
    const random = createRandom(SEED).fork(name, i);
    const damaged = DAMAGES[i % DAMAGES.length]!(file, random);
    let value: T;
    try {
      value = inFile(name, () => read(damaged));
    } catch (error) {
      const { message } = judgeError(error);
      assert(/^Cannot [^\n]+$/.test(message), `mutation ${i} of ${name}: ${message}`);
      refused++;
      continue;
    }
    check(value);
  }
  if (Deno.env.has("TERSE_MUTATIONS")) {
    const line = `${name}: ${refused} of ${mutations} refused, the others read as they should\n`;
    Deno.stderr.writeSync(new TextEncoder().encode(line));
  }
  return refused;
}

/** Checks that no number is NaN or infinite. */
function assertFinite(value: unknown): void {
  if (typeof value === "number") assert(Number.isFinite(value));
  else if (ArrayBuffer.isView(value)) assert((value as Float64Array).every(Number.isFinite));
  else if (typeof value === "object" && value !== null) Object.values(value).forEach(assertFinite);
}

const text = (bytes: Uint8Array) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);
const chosen = experiment("standard", "compact", {
  architecture: { encoder: [4, 2], cluster: [2], dense: [2] },
});
const weights = initialWeights(
  chosen.architecture,
  inputWidths(chosen.features),
  createRandom(SEED),
);
const scales = (count: number) => Array.from({ length: count }, () => ({ offset: 1, scale: 2 }));
const run = {
  experiment: chosen,
  normalization: { pixels: scales(15), supplementary: scales(2), sigma8: SIGMA8_SCALE },
  history: [{ epoch: 1, trainMse: 0.5, validationMse: 0.25, selected: true }],
  selectedEpoch: 1,
  weights,
};
const base = drawBaseSample(createRandom(SEED));
const few = {
  ...base,
  clusters: Object.fromEntries(
    Object.entries(base.clusters).map(([name, values]) => [
      name,
      typeof values === "number" ? 20 : values.slice(0, 20 * values.length / base.clusters.count),
    ]),
  ) as typeof base.clusters,
};

Deno.test("A damaged base sample in FITS is refused, or is what it was", () => {
  const read = (bytes: Uint8Array) => baseSampleFromTables(decodeFits(bytes).tables);
  const file = encodeFits([baseSampleToTable(few)]);
  const whole = read(file);
  const refused = tryDamages("base_sample.fits", file, read, (value) => assertEquals(value, whole));
  assertGreater(refused, 0.9 * MUTATIONS);
});

Deno.test("Damaged catalogs in FITS are refused, or are what they were", () => {
  const maker = prepareCatalogs(base, {
    ...chosen.catalog,
    survey: { ...chosen.catalog.survey, volumeFraction: 0.1 },
  });
  const catalogs = designParameters(chosen.catalog.priors, createRandom(SEED)).slice(0, 3)
    .map((parameters, i) => drawCatalog(maker, parameters, createRandom(SEED).fork("catalog", i)));
  const sets = ["train", "validation", "test"];
  const read = (bytes: Uint8Array) => catalogsFromTables(decodeFits(bytes).tables);
  const file = encodeFits(catalogsToTables(catalogs, sets, []));
  const refused = tryDamages("catalogs.fits", file, read, (value) => assertEquals(value, catalogs));
  assertGreater(refused, 0.9 * MUTATIONS);
});

Deno.test("Damaged weights are refused, or are what they were", () => {
  const { arrays, metadata } = trainingRunToArrays(run);
  const read = (bytes: Uint8Array) =>
    trainingRunFromArrays(decodeSafetensors(bytes), validateExperiment);
  const file = encodeSafetensors(arrays, metadata);
  const refused = tryDamages(
    "weights.safetensors",
    file,
    read,
    (value) => assertEquals(value, run),
  );
  assertGreater(refused, 0.9 * MUTATIONS);
});

Deno.test("A damaged checkpoint is refused, or is what it was", () => {
  const { features, architecture, schedule } = chosen;
  const checkpoint = {
    origin: { features, architecture, schedule, key: [1, 2] as const, data: "0123456789abcdef" },
    history: run.history,
    weights,
    optimizerState: { step: { shape: [], data: Int32Array.of(7) } },
    selected: { epoch: 1, weights },
  };
  const read = (bytes: Uint8Array) => checkpointFromArrays(decodeSafetensors(bytes) as SavedArrays);
  const { arrays, metadata } = checkpointToArrays(checkpoint);
  const file = encodeSafetensors(arrays, metadata);
  const refused = tryDamages(
    "last.safetensors",
    file,
    read,
    (value) => assertEquals(value, checkpoint),
  );
  assertGreater(refused, 0.9 * MUTATIONS);
});

Deno.test("A damaged config is refused, or gives an experiment whose fields are all valid", () => {
  const { catalog, schedule, seed } = chosen;
  const file = new TextEncoder().encode(JSON.stringify({ catalog, schedule, seed }, null, 2));
  const read = (bytes: Uint8Array) => mergeExperiment(chosen, JSON.parse(text(bytes)));
  const refused = tryDamages("config.json", file, (bytes) => {
    try {
      return read(bytes);
    } catch (error) {
      // As the door of the program says of text that is no UTF-8 and of what is no JSON.
      if (error instanceof TypeError && !error.message.startsWith("Cannot")) {
        throw new SyntaxError("no UTF-8 text");
      }
      throw error;
    }
  }, (value) => {
    assertEquals(validateExperiment(value), value);
    assertFinite(value);
  });
  assertGreater(refused, 0.3 * MUTATIONS);
});

Deno.test("A damaged table of the simulation is refused, or has finite clusters above the limit", () => {
  const table = Deno.readFileSync(new URL("../fixtures/magneticum_table.csv", import.meta.url));
  const rows = text(table).split("\n").slice(0, 25).join("\n");
  const read = (bytes: Uint8Array) => {
    const decoded = new TextDecoder().decode(bytes);
    return readSimulationTable(parse(decoded, { skipFirstRow: true }), createRandom(SEED));
  };
  const refused = tryDamages("table.csv", new TextEncoder().encode(rows), read, (value) => {
    const { logLuminosity, logTemperature, logGasMass, logGasMassProfile, ...rest } =
      value.clusters;
    assertFinite(rest);
    // A heading that is damaged leaves a gap, which the sample tells.
    const observed = {
      luminosity: logLuminosity,
      temperature: logTemperature,
      gasMass: logGasMass,
    };
    for (const name of ["luminosity", "temperature", "gasMass"] as const) {
      if (value.missing.includes(name)) assert(observed[name].every(Number.isNaN), name);
      else assertFinite({ [name]: observed[name] });
    }
    if (!value.missing.includes("gasMass")) assertFinite({ logGasMassProfile });
    assertGreater(value.clusters.count, 9);
  });
  assertGreater(refused, 0.3 * MUTATIONS);
});

const folder = Deno.makeTempDirSync({ prefix: "terse_damaged_" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

/** Reads a table from a file that is new each time: a disk is waited for where one is overwritten. */
function readSaved(bytes: Uint8Array) {
  const path = `${folder}/observed`;
  Deno.writeFileSync(path, bytes, { createNew: true });
  try {
    return readSourceTable(path, undefined);
  } finally {
    Deno.removeSync(path);
  }
}

/** Reads an observed catalog from a file, as predict does: with every row used or refused. */
function readObserved(bytes: Uint8Array) {
  const { columns, count } = readSaved(bytes);
  const mapped = mapColumns(columns, Array.from({ length: count }, (_, row) => row), {
    mapping: parseMapping("logTemperature=log10(Txcin), logGasMass=log10(Mgas*h)"),
    fields: ["logTemperature", "logGasMass"],
    h: 0.7,
    ranges: { logTemperature: { min: -1, max: 3 }, logGasMass: { min: 10, max: 17 } },
  });
  return { count, ...mapped };
}

function assertObserved({ count, clusters, rows, refusals }: ReturnType<typeof readObserved>) {
  assertEquals(rows.length + refusals.length, count);
  assertEquals(clusters.count, rows.length);
  assertFinite(clusters.logTemperature);
  assert(clusters.logGasMass.every((value) => value >= 10 && value <= 17));
}

Deno.test("A damaged observed catalog is refused, or each of its rows is used with finite values or refused", () => {
  const spt = new URL("../fixtures/xmm_spt_bulbul_chiu_2019.fits", import.meta.url);
  const fits = Deno.readFileSync(spt);
  const { columns } = readSourceTable(spt.pathname, undefined);
  const [temperature, gasMass] = ["Txcin", "Mgas"].map((name) =>
    columns.find((column) => column.name === name)!.values!
  );
  const lines = Array.from(temperature!, (value, row) => `${value},${gasMass![row]}`);
  const csv = new TextEncoder().encode(["Txcin,Mgas", ...lines, ""].join("\n"));
  const ascii = new TextEncoder().encode(`# seen by XMM\n# ${text(csv).replaceAll(",", " ")}`);
  const files = { "observed.fits": fits, "observed.csv": csv, "observed.txt": ascii };
  for (const [name, file] of Object.entries(files)) {
    const refused = tryDamages(name, file, readObserved, assertObserved);
    assertGreater(refused, 0.1 * MUTATIONS);
  }
});

/** The same two columns in forms of text and XML, written by hand. */
function otherForms(temperature: readonly number[], gasMass: readonly number[]) {
  const rows = temperature.map((value, row) => [value.toFixed(4), gasMass[row]!.toExponential(4)]);
  const bars = (fields: readonly string[]) => `|${fields.map((f) => f.padEnd(12)).join("|")}|\n`;
  const name = (row: number) => `Abell ${row}`.padEnd(9);
  const big = new DataView(new ArrayBuffer(17 * rows.length));
  rows.forEach(([t, m], row) => {
    big.setFloat64(17 * row + 1, Number(t));
    big.setFloat64(17 * row + 9, Number(m));
  });
  const base64 = btoa(String.fromCharCode(...new Uint8Array(big.buffer)));
  const votable = (data: string) =>
    `<?xml version="1.0"?><VOTABLE version="1.4"><RESOURCE><TABLE name="c">` +
    `<FIELD name="Txcin" datatype="double" unit="keV"/>` +
    `<FIELD name="Mgas" datatype="double" unit="solMass"/><DATA>${data}</DATA></TABLE></RESOURCE></VOTABLE>`;
  return {
    "observed.mrt": "Byte-by-byte Description of file: t.dat\n" + "-".repeat(60) + "\n" +
      "   Bytes Format Units   Label  Explanations\n" + "-".repeat(60) + "\n" +
      "   1-  9 A9     ---     name   Name\n  11- 18 F8.4   keV     Txcin  ? Temperature\n" +
      "  20- 29 E10.4  solMass Mgas   Gas mass\n" + "-".repeat(60) + "\n" +
      rows.map(([t, m], row) => `${name(row)} ${t!.padStart(8)} ${m}\n`).join(""),
    "observed.ipac": "\\a = 'b'\n" + bars(["Txcin", "Mgas"]) + bars(["double", "double"]) +
      rows.map((row) => ` ${row.map((f) => f.padEnd(12)).join(" ")}\n`).join(""),
    "observed.ecsv":
      "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: Txcin, unit: keV, datatype: float64}\n" +
      "# - {name: Mgas, datatype: float64}\n# schema: astropy-2.0\nTxcin Mgas\n" +
      rows.map((row) => row.join(" ") + "\n").join(""),
    "observed.tsv":
      "#RESOURCE=yCat\n#Column\tTxcin\t(F8.4)\tT\nTxcin\tMgas\nkeV\tMsun\n-----\t----\n" +
      rows.map((row) => row.join("\t") + "\n").join(""),
    "observed.bars": bars(["Txcin", "Mgas"]) + rows.map(bars).join(""),
    "observed.sex": "# 1 Txcin temperature [keV]\n# 2 Mgas gas mass [Msun]\n" +
      rows.map((row) => row.join(" ") + "\n").join(""),
    "observed.semicolon": "Txcin;Mgas\n" +
      rows.map((row) => row.map((f) => f.replace(".", ",")).join(";") + "\n").join(""),
    "observed.vot": votable(
      `<TABLEDATA>${
        rows.map(([t, m]) => `<TR><TD>${t}</TD><TD>${m}</TD></TR>`).join("")
      }</TABLEDATA>`,
    ),
    "observed.vot2": votable(`<BINARY2><STREAM encoding="base64">${base64}</STREAM></BINARY2>`),
  };
}

/** The two columns as an ASCII table of FITS, which has no checksums. */
function asciiTable(temperature: readonly number[], gasMass: readonly number[]): Uint8Array {
  const header = (cards: readonly string[]) =>
    [...cards, "END"].map((card) => card.padEnd(80)).join("").padEnd(2880);
  const rows = temperature.map((value, row) =>
    value.toFixed(4).padStart(10) + gasMass[row]!.toExponential(4).padStart(12)
  );
  return new TextEncoder().encode(
    header(["SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 0", "EXTEND  = T"]) +
      header([
        "XTENSION= 'TABLE   '",
        "BITPIX  = 8",
        "NAXIS   = 2",
        "NAXIS1  = 22",
        `NAXIS2  = ${rows.length}`,
        "PCOUNT  = 0",
        "GCOUNT  = 1",
        "TFIELDS = 2",
        "TTYPE1  = 'Txcin'",
        "TFORM1  = 'F10.4'",
        "TBCOL1  = 1",
        "TTYPE2  = 'Mgas'",
        "TFORM2  = 'E12.4'",
        "TBCOL2  = 11",
      ]) + rows.join("").padEnd(2880),
  );
}

Deno.test("Damaged catalogs in other forms are refused, or each of their rows is used or refused", () => {
  const temperature = Array.from({ length: 30 }, (_, i) => 2 + 0.31 * i);
  const gasMass = temperature.map((value) => 1e13 * value ** 1.5);
  const texts = Object.entries(otherForms(temperature, gasMass))
    .map(([name, form]) => [name, new TextEncoder().encode(form)] as const);
  const packed = gzipSync(
    new TextEncoder().encode(otherForms(temperature, gasMass)["observed.tsv"]),
  );
  // Eleven forms: all the mutations where these are asked for, fewer in the suite.
  const mutations = Deno.env.has("TERSE_MUTATIONS") ? MUTATIONS : MUTATIONS / 10;
  const files = [
    ...texts,
    ["observed.ascii.fits", asciiTable(temperature, gasMass)] as const,
    ["observed.tsv.gz", new Uint8Array(packed)] as const,
  ];
  for (const [name, file] of files) {
    const whole = readObserved(file);
    assertEquals([whole.count, whole.rows.length], [30, 30], name);
    const refused = tryDamages(name, file, readObserved, (found) => {
      assertObserved(found);
      // A packed file has a checksum: what is read is what it was.
      if (name.endsWith(".gz")) assertEquals(found, whole);
    }, mutations);
    assertGreater(refused, 0.02 * mutations);
  }
});
