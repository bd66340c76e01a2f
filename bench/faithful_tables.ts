/**
 * The tables of `bench:faithful`: for a page, for bench/results, and the one record that a report shows.
 */
import type { Conclusion } from "../src/interpretation/faithfulness/conclusions.ts";
import { formatMarkdown } from "../src/report/tables.ts";
import type { GroundRecord } from "./faithful.ts";
import type { NetworkRecord } from "./faithful_measures.ts";
import { print } from "./files.ts";
import { machineName } from "./machine.ts";

const NETWORKS = ["paper", "compact", "best"];

const four = (value: number) => value.toFixed(4);
const percent = (value: number) => `${value.toFixed(1)}%`;

/** Rows of the table of networks: a measure, and its text from a network's record. */
const MEASURES: readonly (readonly [string, (record: NetworkRecord) => string])[] = [
  ["weights; epochs", ({ parameters, epochs }) => `${parameters}; ${epochs}`],
  [
    "scatter of sigma8, 3000 fresh",
    ({ fresh }) => `${four(fresh.scatter)} +- ${four(fresh.error)}`,
  ],
  [
    "ranks of 20 000: p; 68%, 95%",
    ({ ranks }) =>
      ranks
        ? `${ranks.probability.toPrecision(2)}; ${(100 * ranks.covered68).toFixed(1)}, ${
          (100 * ranks.covered95).toFixed(1)
        }`
        : "no posterior",
  ],
  [
    "r of leave-one-outs; least above 10^13.9",
    ({ leaveOneOut: change }) =>
      change
        ? `${change.r.toFixed(3)} +- ${change.rError.toFixed(3)}; ${change.least.toFixed(2)}`
        : "-",
  ],
  [
    "slope; scatter; own noise",
    ({ leaveOneOut: change }) =>
      change ? `${change.slope.toFixed(2)}; ${four(change.rms)}; ${four(change.noise)}` : "-",
  ],
  [
    "cosine of the saliency, raw, projected",
    ({ saliency }) =>
      saliency ? `${saliency.raw.toFixed(3)}, ${saliency.projected.toFixed(3)}` : "-",
  ],
  [
    "share of the gradient off the axes",
    ({ saliency }) => saliency ? saliency.offManifold.toFixed(2) : "-",
  ],
  [
    "weight of T over that of Mgas (best)",
    ({ weights }) =>
      weights && weights.found !== null
        ? `${weights.found.toFixed(2)} (${weights.optimal.toFixed(2)})`
        : "-",
  ],
  [
    "mass proxy by one line, within catalogs",
    ({ proxy }) => proxy ? `${percent(proxy.line)}, ${percent(proxy.within)}` : "-",
  ],
  [
    "r(terse, sigma8) at fixed mass, 3000 fresh",
    ({ partial }) => partial ? `${partial.r.toFixed(4)} +- ${partial.error.toFixed(4)}` : "-",
  ],
  ["verdict", ({ verdict }) => verdict.split(":")[0]!],
];

/** One column of the table of networks. */
function tabulateNetworks(name: string, { networks }: GroundRecord): string {
  const found = NETWORKS.flatMap((network) =>
    [network, `${network} without lensing`].flatMap((key) => networks[key] ?? [])
  );
  const rows = MEASURES.map(([measure, show]) => [measure, ...found.map(show)]);
  const columns = ["", ...found.map(nameColumn)];
  return formatMarkdown({ caption: `Networks of seed 1 ${name}:`, columns, rows });
}

function nameColumn({ network, share = 1 }: NetworkRecord): string {
  return share === 1 ? network : `${network}, ${share} of the widths`;
}

/** The table of several seeds; empty for one seed. */
function tabulateSeeds({ networks }: GroundRecord): string[] {
  const seeds = Object.values(networks).filter(({ network }) => /^compact( \d+)?$/.test(network));
  const rows = seeds.map((
    { network, fresh, leaveOneOut: change, saliency, proxy, ranks, partial },
  ) => [
    network.split(" ")[1] ?? "1",
    four(fresh.scatter),
    change
      ? `${change.r.toFixed(3)}, ${change.least.toFixed(2)}; ${change.slope.toFixed(2)}, ${
        four(change.rms)
      }`
      : "-",
    saliency
      ? `${saliency.raw.toFixed(3)}, ${saliency.projected.toFixed(4)}, ${
        saliency.offManifold.toFixed(3)
      }`
      : "-",
    proxy ? `${percent(proxy.line)}, ${percent(proxy.within)}; ${proxy.r.toFixed(4)}` : "-",
    partial ? `${partial.r.toFixed(4)} +- ${partial.error.toFixed(4)}` : "-",
    ranks
      ? `${ranks.probability.toPrecision(2)}; ${(100 * ranks.covered68).toFixed(1)}, ${
        (100 * ranks.covered95).toFixed(1)
      }`
      : "-",
  ]);
  const columns = [
    "seed",
    "fresh",
    "leave-one-out: r, least; slope, scatter",
    "cosine raw, projected, off axes",
    "proxy by one line, within; r within",
    "r(terse, sigma8) at fixed mass",
    "ranks p; 68%, 95%",
  ];
  if (rows.length < 2) return [];
  return [formatMarkdown({ caption: "`compact` on the stand-in, by seed:", columns, rows })];
}

/** The numbers of each conclusion in the table, by pattern and format. */
const BRIEFLY: readonly (readonly [RegExp, string])[] = [
  [/^([\d.]+%).*$/, "$1"],
  [/^scatter ([\d.]+).*$/, "$1"],
  [/^.*r with exact ([-\d.]+).*$/, "r $1"],
  [/^gradient largest at ([\d.]+ R500).*$/, "gradient largest at $1"],
  [
    /^(with [\d.]+ of the widths)?.*largest at (10\^[\d.]+).*catalog at (10\^[\d.]+).*$/,
    "single $2, summed $3",
  ],
  [/^.*fixed mass (-?[\d.]+); of an overspecialized network (-?[\d.]+)$/, "$1; overspecialized $2"],
];

/** The six conclusions, by ground and network. */
function tabulateConclusions(name: string, { conclusions, networks }: GroundRecord): string {
  const names = ["exact", ...NETWORKS].filter((key) => conclusions[key]);
  const claims = conclusions[names[0]!]!.map(({ claim }) => claim);
  const cell = ({ number, outcome, measured }: Conclusion) => {
    const [pattern, text] = BRIEFLY[number - 1]!;
    return pattern.test(measured) ? `${outcome} (${measured.replace(pattern, text)})` : outcome;
  };
  const rows = claims.map((claim, i) => [
    `${i + 1} ${claim}`,
    ...names.map((key) => cell(conclusions[key]![i]!)),
  ]);
  const title = (key: string) => key === "exact" ? "exact answers" : nameColumn(networks[key]!);
  return formatMarkdown({
    caption: `The six conclusions ${name}:`,
    columns: ["", ...names.map(title)],
    rows,
  });
}

const TITLES: Readonly<Record<string, string>> = {
  "stand-in": "on the stand-in",
  table: "on the simulation's own clusters",
};

const MARK = /<!-- faithful -->[\s\S]*<!-- \/faithful -->/;

/** Prints the tables, and writes them with the record if a page is named. */
export async function writeTables(
  grounds: Readonly<Record<string, GroundRecord>>,
  page: string | undefined,
): Promise<void> {
  const measured = Object.entries(grounds)
    .filter(([, { conclusions }]) => Object.keys(conclusions).length > 0);
  const parts = measured.flatMap(([name, ground]) => [
    tabulateNetworks(TITLES[name]!, ground),
    tabulateConclusions(TITLES[name]!, ground),
  ]);
  const text = [...parts, ...tabulateSeeds(grounds["stand-in"]!)].join("\n");
  await print(text);
  if (page === undefined) return;
  const old = await Deno.readTextFile(page);
  if (!MARK.test(old)) throw new Error(`Cannot write ${page}: it has no marks "faithful"`);
  await Deno.writeTextFile(
    page,
    old.replace(MARK, `<!-- faithful -->\n\n${text}\n\n<!-- /faithful -->`),
  );
  const record = { machine: await machineName(), grounds };
  const results = new URL("./results/faithful.json", import.meta.url);
  await Deno.writeTextFile(results, `${JSON.stringify(record, null, 1)}\n`);
  const paper = grounds["stand-in"]!.networks.paper?.leaveOneOut;
  if (paper) await Deno.writeTextFile(RECORD, describeRecord(paper));
}

const RECORD = new URL("../src/interpretation/faithfulness/paper_network.ts", import.meta.url);

function describeRecord({ r, rError, noise }: NonNullable<NetworkRecord["leaveOneOut"]>): string {
  const numbers = { r, rError, noise };
  const fields = Object.entries(numbers).map(([name, value]) =>
    `  ${name}: ${Number(value.toPrecision(4))},`
  );
  return `/**
 * The leave-one-outs of the paper's network against the exact ones, as \`deno task bench:faithful\`
 * found them on the stand-in: which a report shows next to another network's. Made by that task.
 */
import type { RecordedNetwork } from "./recorded_network.ts";

/** Table 3, trained with Adam as README.md of src/network says. */
export const PAPER_NETWORK: RecordedNetwork = {
${fields.join("\n")}
  command: "deno task bench:faithful -- --only paper --page src/interpretation/README.md",
};
`;
}
