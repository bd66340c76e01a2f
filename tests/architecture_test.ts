/**
 * The import rule: which room of `src/` may import which, which outside packages each may use, and
 * that nothing under `src/` reads a file, a clock, a global random number, or prints.
 */
import { assert, assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };

/** Rooms each room may import; a room may always import itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  numerics: [],
  bench: ["numerics"],
  formats: ["numerics"],
  cosmology: ["numerics"],
  clusters: ["numerics", "cosmology"],
  xray: ["numerics", "cosmology", "clusters"],
  catalogs: ["numerics", "cosmology", "clusters"],
  // A stranger's files are read as tables, so the formats come first.
  observed: ["numerics", "formats", "clusters", "catalogs"],
  features: ["numerics", "clusters", "catalogs", "observed"],
  model: ["numerics", "features"],
  network: ["numerics", "features", "model"],
  evaluation: [
    "numerics",
    "cosmology",
    "clusters",
    "catalogs",
    "observed", // the faults of a stranger's catalog, for robustness
    "features",
    "model",
  ],
  interpretation: [
    "numerics",
    "clusters",
    "catalogs",
    "observed",
    "features",
    "model",
    "evaluation",
  ],
  report: ["numerics", "formats", "model", "evaluation", "interpretation"], // formats: CSV
  experiments: ["numerics", "cosmology", "clusters", "catalogs", "features", "model"],
  // What a run does, stage by stage: everything but the network that ships.
  runs: [
    "numerics",
    "formats",
    "cosmology",
    "clusters",
    "xray",
    "catalogs",
    "observed",
    "features",
    "model",
    "network",
    "evaluation",
    "interpretation",
    "report",
    "experiments",
  ],
  // A page that predicts has every step from a stranger's table to the verdict in it.
  page: [
    "numerics",
    "formats",
    "clusters",
    "catalogs",
    "observed",
    "model",
    "network",
    "interpretation",
    "report", // its colors and its security policy
    "experiments",
    "runs",
    "pretrained",
  ],
  // runs: the record of a survey's network, which is drawn, trained and asked there.
  pretrained: ["formats", "network", "evaluation", "interpretation", "experiments", "runs"],
};

/** The floors of `cli/`, each of which may import itself and those before it. */
const FLOORS: readonly string[] = ["program", "storage", "stages", "text", "commands"];

/** Outside packages, by the folder that alone may import them. */
const PACKAGES: readonly { folder: string; packages: RegExp }[] = [
  { folder: "src/network/tfjs/", packages: /^@tensorflow\/tfjs(-core|-backend-(wasm|webgpu))?$/ },
  {
    folder: "src/report/",
    packages: /^d3-(array|color|contour|format|hexbin|interpolate|scale|scale-chromatic|shape)$/,
  },
  { folder: "src/formats/", packages: /^sax$/ },
  { folder: "cli/", packages: /^(@std\/(cli|csv)(\/.*)?|node:(zlib|v8))$/ },
  { folder: "src/bench/", packages: /^node:process$/ },
];

/** Effects that only `cli/` may have. */
const EFFECTS: readonly RegExp[] = [
  /\bDeno\./,
  /\bMath\.random\b/,
  /\bDate\.now\b/,
  /\bconsole\./,
  /\bperformance\.now\b/,
];

/** The rooms whose work is an effect: to load bytes and start workers; to time processes. */
const EFFECTS_ALLOWED_IN = ["src/network/core/", "src/bench/"];

interface Import {
  readonly file: string;
  readonly specifier: string;
}

const ROOT = new URL("..", import.meta.url);

function listFiles(folder: string): string[] {
  const files: string[] = [];
  for (const entry of Deno.readDirSync(new URL(folder, ROOT))) {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) files.push(...listFiles(`${path}/`));
    else if (/\.tsx?$/.test(entry.name) && !folder.includes("/assembly/")) files.push(path);
  }
  return files.sort();
}

function readSource(file: string): string {
  return Deno.readTextFileSync(new URL(file, ROOT));
}

/** The code without block comments and line comments, in which examples import freely. */
function stripComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

/** Static imports and re-exports at the start of a line, bare imports, and dynamic ones. */
const IMPORT_FORMS: readonly RegExp[] = [
  /^(?:import|export)\b[^"'`=;()]*?\bfrom\s*"([^"]+)"/gm,
  /^import\s*"([^"]+)"/gm,
  /\bimport\(\s*"([^"]+)"/g,
];

function importsOf(file: string): Import[] {
  const code = stripComments(readSource(file));
  return IMPORT_FORMS.flatMap((form) =>
    Array.from(code.matchAll(form), (match) => ({ file, specifier: match[1]! }))
  );
}

/** "cosmology" for src/cosmology/x.ts, "model" for src/model.ts. */
function roomOf(path: string): string {
  return path.replace(/^src\//, "").replace(/\/.*$|\.ts$/g, "");
}

/** Where a relative import leads, from the root of the repository. */
function resolve({ file, specifier }: Import): string {
  return new URL(specifier, new URL(file, "file:///")).pathname.slice(1);
}

const SOURCES = listFiles("src/");
const ALL = [...SOURCES, ...listFiles("cli/"), "mod.ts"];

Deno.test("every room imports only the rooms that come before it in the data", () => {
  const wrong = SOURCES.flatMap(importsOf)
    .filter(({ specifier }) => specifier.startsWith("."))
    .map((edge) => ({ ...edge, from: roomOf(edge.file), to: roomOf(resolve(edge)) }))
    .filter(({ from, to }) => from !== to && !(MAY_IMPORT[from] ?? []).includes(to))
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  assertEquals(wrong, []);
});

Deno.test("every room under src/ is in the table of the import rule", () => {
  const rooms = new Set(SOURCES.map(roomOf));
  assertEquals([...rooms].filter((room) => !(room in MAY_IMPORT)), []);
  assert(rooms.size > 5, "the sources were not found");
});

Deno.test("outside packages are imported only where the rule names them", () => {
  const wrong = ALL.flatMap(importsOf)
    .filter(({ specifier }) => !specifier.startsWith("."))
    .filter(({ file, specifier }) =>
      !PACKAGES.some(({ folder, packages }) => file.startsWith(folder) && packages.test(specifier))
    )
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  assertEquals(wrong, []);
});

Deno.test("every floor of cli/ imports only itself and the floors below it", () => {
  const floorOf = (path: string) => FLOORS.indexOf(path.split("/")[1]!);
  const files = listFiles("cli/").filter((file) => file.split("/").length > 2);
  assert(files.length > 50, "the sources were not found");
  assertEquals(files.filter((file) => floorOf(file) < 0), []);
  const wrong = files.flatMap(importsOf)
    .filter((edge) => edge.specifier.startsWith(".") && resolve(edge).startsWith("cli/"))
    .filter((edge) =>
      resolve(edge).split("/").length < 3 || floorOf(resolve(edge)) > floorOf(edge.file)
    )
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  assertEquals(wrong, []);
});

Deno.test("a command has at most 60 lines, and imports no other command", () => {
  const files = listFiles("cli/commands/");
  assert(files.length > 15, "the commands were not found");
  assertEquals(files.filter((file) => readSource(file).trimEnd().split("\n").length > 60), []);
  const wrong = files.flatMap(importsOf)
    .filter((edge) => resolve(edge).startsWith("cli/commands/"))
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  assertEquals(wrong, []);
});

Deno.test("no file of src/ or cli/ reaches itself through its imports", () => {
  const edges = new Map(ALL.map((file) => [
    file,
    importsOf(file).filter(({ specifier }) => specifier.startsWith(".")).map(resolve),
  ]));
  const reach = (file: string, found: Set<string>): Set<string> => {
    for (const next of edges.get(file) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      reach(next, found);
    }
    return found;
  };
  assertEquals(ALL.filter((file) => reach(file, new Set()).has(file)), []);
});

Deno.test("src/ does not import the command line", () => {
  const wrong = SOURCES.flatMap(importsOf)
    .filter(({ specifier }) => specifier.startsWith("."))
    .filter((edge) => !resolve(edge).startsWith("src/"));
  assertEquals(wrong, []);
});

Deno.test("bench/ and .ci/ do not import the command line", () => {
  const files = [...listFiles("bench/"), ...listFiles(".ci/")];
  assert(files.length > 30, "the sources were not found");
  const wrong = files.flatMap(importsOf)
    .filter((edge) => edge.specifier.startsWith(".") && resolve(edge).startsWith("cli/"))
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  assertEquals(wrong, []);
});

/** Files behind the names of `exports` in deno.json, without the program. */
const ENTRY_POINTS = Object.values(config.exports).map((path) => path.slice(2))
  .filter((path) => path.startsWith("src/") || path === "mod.ts");

Deno.test("entry points list their names, each name stands for one thing, and all are documented", () => {
  const homes = new Map<string, Set<string>>();
  for (const file of ENTRY_POINTS.filter((path) => path.endsWith("mod.ts"))) {
    const code = stripComments(readSource(file));
    assertEquals(code.match(/^export \*.*/gm), null, file);
    for (const [, names, specifier] of code.matchAll(/^export [^{]*\{([^}]*)\} from "([^"]+)"/gm)) {
      for (const name of names!.split(",").map((part) => part.trim().replace(/^type /, ""))) {
        if (name === "") continue;
        assert(!/ as /.test(name), `${file} gives a second name: ${name}`);
        homes.set(
          name,
          (homes.get(name) ?? new Set()).add(resolve({ file, specifier: specifier! })),
        );
      }
    }
  }
  assert(homes.size > 300, "the names were not found");
  assertEquals([...homes].filter(([, files]) => files.size > 1), []);
  const documented = config.tasks.doc;
  assertEquals(
    ENTRY_POINTS.filter((path) =>
      !documented.includes(path) && !/^src\/[a-z]+\/mod\.ts$/.test(path)
    ),
    [],
  );
});

Deno.test("nothing under src/ reads files, clocks or global random numbers, or prints", () => {
  const wrong = SOURCES.filter((file) => !EFFECTS_ALLOWED_IN.some((room) => file.startsWith(room)))
    .flatMap((file) => {
      const code = stripComments(readSource(file));
      return EFFECTS.filter((effect) => effect.test(code)).map((effect) => `${file}: ${effect}`);
    });
  assertEquals(wrong, []);
});

Deno.test("importing the package loads no tfjs, no d3 and no network that ships", async () => {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "mod.ts"],
    cwd: ROOT,
  });
  const { stdout } = await command.output();
  const modules: {
    specifier: string;
    dependencies?: { specifier: string; isDynamic?: boolean }[];
  }[] = JSON.parse(new TextDecoder().decode(stdout)).modules;
  assert(modules.some(({ specifier }) => specifier.endsWith("/src/model.ts")));
  const byName = new Map(modules.map((module) => [module.specifier, module]));
  const loaded = new Set<string>();
  const visit = (specifier: string) => {
    if (loaded.has(specifier)) return;
    loaded.add(specifier);
    for (const dependency of byName.get(specifier)?.dependencies ?? []) {
      const code = (dependency as { code?: { specifier: string } }).code;
      if (code && !dependency.isDynamic) visit(code.specifier);
    }
  };
  visit(new URL("mod.ts", ROOT).href);
  assertEquals(
    [...loaded].map((specifier) => specifier.replace(ROOT.href, ""))
      .filter((specifier) => /tfjs|\bd3-|pretrained\/(compact|sky_)/.test(specifier)),
    [],
  );
});

Deno.test("the lock file is frozen, so that no command changes what is installed", () => {
  assertEquals(JSON.parse(readSource("deno.json")).lock, { path: "./deno.lock", frozen: true });
});

Deno.test("the top level holds what the layout names and nothing else", () => {
  const named = [
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
    "README.md",
    "bench",
    "cli",
    "deno.json",
    "deno.lock",
    "fixtures",
    "mod.ts",
    "src",
    "tests",
  ];
  const { stdout } = new Deno.Command("git", { args: ["ls-files"], cwd: ROOT }).outputSync();
  const found = new Set(
    new TextDecoder().decode(stdout).trim().split("\n").map((path) => path.split("/")[0]!)
      .filter((name) => !name.startsWith(".")),
  );
  assertEquals([...found].filter((name) => !named.includes(name)), []);
});
