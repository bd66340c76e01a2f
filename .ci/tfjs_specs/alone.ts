/**
 * Whether the training kernels work outside of this repository: one program gives the cpu backend's losses
 * in Node, in Bun and in Deno with npm's packages, and with tfjs-core alone: with its own gradients in Bun,
 * in one file and in a page in Chromium, and with ours in Node, Bun and Deno.
 */
import { CHROMIUM, endBrowser, withBrowser } from "../../tests/chromium.ts";
import { run } from "./process.ts";

const TOLERANCE = 1e-5;
const HERE = new URL(".", import.meta.url).pathname;

async function bundle(folder: string, entry: string, ...options: string[]): Promise<void> {
  await run("node_modules/.bin/esbuild", [
    `${HERE}${entry}`,
    "--bundle",
    "--log-level=error",
    ...options,
  ], folder);
}

/** Serves the bundle and the backend's .wasm files to a page, and gives the losses it ends with. */
async function trainInPage(folder: string): Promise<string> {
  const wasm = `${folder}/node_modules/@tensorflow/tfjs-backend-wasm/wasm-out`;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/") {
      const html = '<!doctype html><title>running</title><script src="/page.js"></script>';
      return new Response(html, { headers: { "content-type": "text/html" } });
    }
    const file = pathname === "/page.js" ? `${folder}/page.js` : `${wasm}${pathname}`;
    const type = pathname.endsWith(".wasm") ? "application/wasm" : "text/javascript";
    const body = await Deno.readFile(file).catch(() => null);
    return body
      ? new Response(body, { headers: { "content-type": type } })
      : new Response("", { status: 404 });
  });
  let title = "";
  try {
    await withBrowser(async (withPage) => {
      await withPage(`http://127.0.0.1:${server.addr.port}/`, async (page) => {
        await page.waitFor("document.title !== 'running'");
        title = await page.evaluate<string>("document.title");
      });
    });
  } finally {
    await endBrowser();
    await server.shutdown();
  }
  return title;
}

/** The worst relative difference of losses, infinite if they are none. */
function compare(text: string, expected: readonly number[]): number {
  try {
    const losses: number[] = JSON.parse(text);
    return Math.max(...expected.map((e, i) => Math.abs(losses[i]! - e) / e));
  } catch {
    return Infinity;
  }
}

/** What was checked, and whether it holds. */
export type Check = readonly [name: string, holds: boolean];

/** One line and one check per place. */
export async function testAlone(
  folder: string,
  print: (line: string) => void,
): Promise<Check[]> {
  await bundle(
    folder,
    "program_node.ts",
    "--platform=node",
    "--format=esm",
    "--packages=external",
    "--outfile=alone.mjs",
  );
  for (const name of ["core", "bare"]) {
    await bundle(
      folder,
      `program_${name}.ts`,
      "--platform=node",
      "--format=esm",
      "--packages=external",
      `--outfile=${name}.mjs`,
    );
  }
  await bundle(
    folder,
    "program_core.ts",
    "--platform=node",
    "--format=cjs",
    "--main-fields=module,main",
    "--outfile=core.cjs",
  );
  await bundle(
    folder,
    "program_page.ts",
    "--platform=browser",
    "--main-fields=module,main",
    "--outfile=page.js",
  );
  const isRequired = Deno.env.get("TERSE_REQUIRE")?.includes("chromium") ?? false;
  const expected: number[] = JSON.parse(await run("node", ["alone.mjs", "cpu"], folder));
  const wasm = `${folder}/node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/`;
  const deno = [Deno.execPath(), "run", "-A"] as const;
  const places: Record<string, () => Promise<string>> = {
    "Node": () => run("node", ["alone.mjs", "wasm"], folder),
    "Bun": () => run("node_modules/.bin/bun", ["alone.mjs", "wasm"], folder),
    "Deno": () =>
      run(deno[0], [...deno.slice(1), "--node-modules-dir=manual", "alone.mjs", "wasm"], folder),
    "Node, tfjs-core alone": () => run("node", ["bare.mjs"], folder),
    "Bun, tfjs-core alone": () => run("node_modules/.bin/bun", ["bare.mjs"], folder),
    "Deno, tfjs-core alone": () =>
      run(deno[0], [...deno.slice(1), "--node-modules-dir=manual", "bare.mjs"], folder),
    "Bun, tfjs-core alone with its gradients": () =>
      run("node_modules/.bin/bun", ["core.mjs", "wasm", wasm], folder),
    "Node, one file, tfjs-core alone": () => run("node", ["core.cjs", "wasm", wasm], folder),
    "Deno, one file, tfjs-core alone": () =>
      run(deno[0], [...deno.slice(1), "core.cjs", "wasm", wasm], folder),
    ...(CHROMIUM || isRequired) && {
      "a page in Chromium, tfjs-core alone": () => trainInPage(folder),
    },
  };
  const checks: Check[] = [];
  for (const file of ["core.cjs", "page.js"]) {
    // esbuild names the files that it joins.
    const text = await Deno.readTextFile(`${folder}/${file}`);
    const isAlone = text.includes("node_modules/@tensorflow/tfjs-core/") &&
      !/node_modules\/@tensorflow\/tfjs(-layers|-data|-converter)?\//.test(text);
    checks.push([`${file} holds tfjs-core and backends alone`, isAlone]);
  }
  for (const [place, train] of Object.entries(places)) {
    const text = await train().catch((error: Error) => error.message);
    const worst = compare(text, expected);
    checks.push([`${place} gives cpu's losses`, worst < TOLERANCE]);
    print(
      worst < TOLERANCE
        ? `${place}: cpu's losses, to ${worst.toExponential(1)}`
        : `${place}: not cpu's losses but ${text}`,
    );
  }
  return checks;
}
