/**
 * The page that predicts in real browsers, with honest, broken, huge and hostile files, and with every way
 * out tried that a page might send data by.
 */
import {
  assert,
  assertEquals,
  assertLess,
  assertLessOrEqual,
  assertStringIncludes,
} from "@std/assert";
import { formatTable } from "../src/formats/mod.ts";
import { makePage } from "../src/page/mod.ts";
import type { TestPage, WithPage } from "./chromium.ts";
import { passOn, setWidth, withBrowser } from "./chromium.ts";
import { terse } from "./cli_process.ts";
import { withFirefox } from "./firefox.ts";
import { drawMockTable, formatVotable } from "./mock_table.ts";
import type { Steps } from "./page_steps.ts";
import { drop, dropFile, predict, textOf, waitForStart, waitLong, write } from "./page_steps.ts";
import { remember } from "./remember.ts";
import { findReason, testWith } from "./tools.ts";

const IGNORE = await findReason(["chromium"]) !== null && await findReason(["firefox"]) !== null;

const folder = Deno.makeTempDirSync({ prefix: "terse_page_browser_" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const file = `${folder}/predict.html`;
const url = `file://${file}`;
const SPT = new URL("../fixtures/xmm_spt_bulbul_chiu_2019.fits", import.meta.url).pathname;
const MOCK = `${folder}/mock.csv`;
const VOTABLE = `${folder}/mock.vot`;

if (!IGNORE) {
  Deno.writeTextFileSync(file, await makePage({ version: "test" }));
  const mock = drawMockTable({ seed: 3, catalogs: 1 });
  Deno.writeTextFileSync(MOCK, [...formatTable(mock)].join(""));
  Deno.writeTextFileSync(VOTABLE, formatVotable(mock));
}

const rememberPrinted = remember<Promise<string>>();

/** What `predict` prints of a catalog, with the page's own words for its choices: the same for all browsers. */
const printed = (catalog: string, command: string): Promise<string> =>
  rememberPrinted(`${catalog} ${command}`, () => print(catalog, command));

async function print(catalog: string, command: string): Promise<string> {
  const args = command.replace(/^terse predict --catalog FILE /, "");
  const parts = Array.from(args.matchAll(/'[^']*'|[^\s']+/g), ([part]) => part)
    .reduce<string[]>((all, part) => {
      if (part.startsWith("'")) all.push(`${all.pop()}${part.slice(1, -1)}`);
      else all.push(part);
      return all;
    }, []);
  const found = await terse(folder, "predict", `--catalog=${catalog}`, ...parts, "--quiet");
  assertEquals(found.code, 0, found.stderr);
  return found.stdout.trimEnd();
}

/** Drops an honest mock, as CSV and as VOTable, and SPT's clusters, and compares the page's words with `predict`'s. */
async function predictAll(page: Steps): Promise<void> {
  await waitForStart(page);
  for (
    const [path, h, verdict] of [
      [MOCK, "0.704", "consistent"],
      [VOTABLE, "0.704", "consistent"],
      [SPT, "0.7", "do not apply"],
    ] as const
  ) {
    await drop(page, path.split("/").at(-1)!, Deno.readFileSync(path));
    await write(page, "h", h);
    await predict(page);
    assertEquals(await page.evaluate(textOf("fault")), "");
    assertEquals(await page.evaluate(textOf("verdict")), verdict);
    const text = await page.evaluate<string>(textOf("as-text"));
    assertEquals(text, await printed(path, await page.evaluate(textOf("command"))));
    const [, sigma8, error] = /^sigma8 (\d\.\d{4}) \+- (\d\.\d{4})/.exec(text)!;
    const answer = `σ8 = ${sigma8} ± ${error}`;
    assertEquals(await page.evaluate(textOf("sigma8")), answer);
    assertEquals(await page.evaluate(textOf("announcement")), `${answer}. Verdict: ${verdict}.`);
    assertEquals(
      await page.evaluate(`document.querySelectorAll("#step-answer svg.plot").length`),
      4,
    );
  }
}

/** Requests that leave the page: not those of its own data and worker. */
const outside = (requests: readonly string[]): string[] =>
  requests.filter((address) => !/^(data|blob):/.test(address) && address !== url);

/** What is tested in Chromium on one page, as somebody uses it who has many files, by a sentence. */
const tests: [name: string, body: (page: TestPage) => Promise<void>][] = [];

/** What is tested on pages of its own in the same browser. */
const testsAlone: [name: string, body: (withPage: WithPage) => Promise<void>][] = [];

function test(name: string, body: (page: TestPage) => Promise<void>): void {
  tests.push([name, body]);
}

function testAlone(name: string, body: (withPage: WithPage) => Promise<void>): void {
  testsAlone.push([name, body]);
}

/** Makes every choice again what it was when the page was opened. */
const CHOOSE_AGAIN = `document.querySelectorAll("input").forEach((field) => {
  if (field.type === "checkbox") field.checked = field.defaultChecked;
  else if (field.type !== "file") field.value = field.defaultValue;
})`;

test("An honest mock is consistent and SPT's clusters are not, in predict's own words", async (page) => {
  await predictAll(page);
  assertEquals(page.complaints, []);
  assertEquals(outside(page.requests), []);
});

test("On a telephone, the page scrolls down and not sideways", async (page) => {
  await setWidth(page.send, 320);
  await drop(page, "spt.fits", Deno.readFileSync(SPT));
  await predict(page);
  assertLessOrEqual(await page.evaluate<number>("document.documentElement.scrollWidth"), 320);
});

test("Two files, a folder, or a piece of text dropped is named, and nothing of it is read", async (page) => {
  const dropped = async (fill: string, words: string) => {
    await page.evaluate(`(() => {
      const transfer = new DataTransfer();
      ${fill}
      document.getElementById("drop").dispatchEvent(
        new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
    })()`);
    assertEquals(
      await page.evaluate(textOf("fault")),
      `Cannot read catalog: ${words}, drop one file with a table`,
    );
    assertEquals(await page.evaluate(`document.getElementById("step-columns").hidden`), true);
    assertEquals(await page.evaluate(textOf("file-facts")), "");
  };
  const add = (name: string) => `transfer.items.add(new File(["T,L\\n1,2\\n"], "${name}"));`;
  await dropped(add("a.csv") + add("b.csv"), "2 files were dropped");
  await dropped(`transfer.setData("text/plain", "T,L");`, "what was dropped is not a file");
  await page.evaluate(`{
    globalThis.asEntry = DataTransferItem.prototype.webkitGetAsEntry;
    DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true });
  }`);
  await dropped(add("catalogs"), "catalogs is a folder");
  await page.evaluate("DataTransferItem.prototype.webkitGetAsEntry = globalThis.asEntry");
});

test("A file that cannot be read is named, and the next one is read", async (page) => {
  const refused = async (name: string, content: Uint8Array | string, words: string) => {
    await drop(page, name, content);
    assertStringIncludes(await page.evaluate<string>(textOf("fault")), words);
    assertEquals(await page.evaluate(`document.getElementById("step-columns").hidden`), true);
  };
  await refused("empty.csv", "", "the file is empty");
  await refused("page.csv", "<!doctype html><html></html>", "an HTML page");
  await refused("ragged.csv", "a,b\n1,2\n3\n", "Cannot read");
  await refused("half.fits", Deno.readFileSync(SPT).subarray(0, 9000), "Cannot read");
  await refused("half.csv.gz", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 5), "gzip");
  await refused("book.xlsx", "PK\x03\x04 xl/workbook.xml", "an Excel workbook");
  const packed = new Blob([Deno.readFileSync(MOCK)]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  await drop(page, "mock.csv.gz", new Uint8Array(await new Response(packed).arrayBuffer()));
  await predict(page);
  assertEquals(await page.evaluate(textOf("fault")), "");
  assertEquals(await page.evaluate(textOf("verdict")), "consistent");
  assertEquals(page.complaints, []);
});

test("Markup, marks of direction and names of prototypes in a file are text", async (page) => {
  const evil = `<img src=x onerror=globalThis.hacked=1></script><svg onload=globalThis.hacked=1>`;
  const ids = [evil, "__proto__", "constructor", "a\u202eb", "'; globalThis.hacked=1; '"];
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = Array.from(
    { length: 100 },
    (_, i) => [quote(ids[i % 5]!), evil.length, 2 + 0.05 * i, 1 + i, 1 + 0.1 * i].join(","),
  );
  const head = [`id ${evil}`, `__proto__`, "T [keV]", "L [1e43 erg/s]", `Mgas [1e13 Msun]`];
  await drop(page, `${evil}.csv`, [head.map(quote).join(","), ...lines].join("\n"));
  assertEquals(await page.evaluate(textOf("fault")), "");
  await write(page, "expression-logTemperature", 'log10("T [keV]")');
  await write(page, "expression-logLuminosity", 'log10("L [1e43 erg/s]")-1');
  await write(page, "expression-logGasMass", 'log10("Mgas [1e13 Msun]"*1e13*h)');
  await write(page, "catalog-id", head[0]!);
  await predict(page);
  assertEquals(await page.evaluate(textOf("fault")), "");
  const names = await page.evaluate<string[]>(
    `[...document.querySelectorAll("#catalogs tbody button")].map((b) => b.textContent)`,
  );
  assertEquals(names, [evil.slice(0, 60), ids[1]!, ids[2]!, "a\\u202eb", ids[4]!]);
  assertStringIncludes(await page.evaluate<string>(textOf("file-facts")), evil);
  assertEquals(await page.evaluate("globalThis.hacked ?? null"), null);
  assertEquals(await page.evaluate("document.querySelectorAll('img, [onload]').length"), 0);
  assertEquals(page.complaints, []);
});

test("200 000 rows are read with their progress shown, the page answers meanwhile, and it can be stopped", async (page) => {
  const rows = `"T [keV],L [1e44 erg/s],Mgas [Msun]\\n" + Array.from({ length: 200000 }, (_, i) =>
    (1 + i % 97 / 10) + "," + (0.1 + i % 89 / 9) + "," + (1 + i % 83) + "e12").join("\\n")`;
  await page.evaluate(`(() => {
    globalThis.steps = new Set();
    const text = document.getElementById("progress-text");
    new MutationObserver(() => steps.add(text.textContent))
      .observe(text, { childList: true, characterData: true, subtree: true });
  })()`);
  await dropFile(page, "huge.csv", rows);
  await page.waitFor(`document.getElementById("progress").hidden === false`);
  const began = performance.now();
  assertEquals(await page.evaluate("1 + 1"), 2);
  assertLess(performance.now() - began, 2000);
  await waitLong(page, `document.getElementById("step-columns").hidden === false`);
  await write(page, "expression-logTemperature", 'log10("T [keV]")');
  await write(page, "expression-logLuminosity", 'log10("L [1e44 erg/s]")');
  await write(page, "expression-logGasMass", 'log10("Mgas [Msun]"*h)');
  await predict(page);
  assertEquals(await page.evaluate(textOf("fault")), "");
  assertStringIncludes(
    await page.evaluate<string>(textOf("reasons")),
    "There are 197590 clusters; 95% of the mocks have",
  );
  assertEquals(await page.evaluate(textOf("sigma8")), "not predicted");
  assertStringIncludes(await page.evaluate<string>(textOf("points-note")), "2000 of 197590");
  const steps = await page.evaluate<string[]>("[...steps]");
  assert(steps.some((step) => /^Reading the file, \d+%$/.test(step)), steps.join());
  assert(steps.includes("Reading the table") && steps.includes("Predicting"), steps.join());
  await dropFile(page, "again.csv", rows);
  await page.waitFor(`document.getElementById("progress").hidden === false`);
  await page.evaluate(`document.getElementById("cancel").click()`);
  await page.waitFor(`${textOf("file-facts")}.startsWith("Canceled")`);
  await drop(page, "mock.csv", Deno.readFileSync(MOCK));
  await predict(page);
  assertEquals(await page.evaluate(textOf("verdict")), "consistent");
  assertEquals(page.complaints, []);
});

/** Keeps the page's own policy of trusted types, which alone may make a worker, for the test. */
const keepPolicy = (send: TestPage["send"]) =>
  send("Page.addScriptToEvaluateOnNewDocument", {
    source: `{
      const create = trustedTypes.createPolicy.bind(trustedTypes);
      trustedTypes.createPolicy = (...args) => globalThis.policy = create(...args);
    }`,
  });

testAlone(
  "By no way does data leave the page or a worker of it: a server counts",
  async (withPage) => {
    const came: string[] = [];
    const strict = Deno.readTextFileSync(file);
    const lax = strict.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
    const end = new AbortController();
    const server = Deno.serve({ port: 0, signal: end.signal, onListen() {} }, ({ url }) => {
      const { pathname } = new URL(url);
      if (pathname.startsWith("/out/")) came.push(pathname.slice(5));
      return new Response(pathname === "/lax" ? lax : strict, {
        headers: { "content-type": "text/html" },
      });
    });
    const address = `http://localhost:${server.addr.port}/`;
    const tryAll = (page: string) =>
      withPage(page, async ({ evaluate, waitFor, requests }) => {
        await waitFor("globalThis.policy !== undefined");
        await waitForStart({ evaluate, waitFor });
        assertEquals(requests.filter((one) => !/^(data|blob):/.test(one)), [page]);
        const tried = await evaluate<string[]>(`(async () => {
      const out = ${JSON.stringify(address)} + "out/";
      const tried = [];
      const attempt = async (name, way) => {
        tried.push(name);
        try { await way(); } catch { /* refused */ }
      };
      const element = (tag, set) => new Promise((resolve) => {
        const made = document.createElement(tag);
        made.onload = made.onerror = resolve;
        set(made);
        document.body.append(made);
        setTimeout(resolve, 300);
      });
      await attempt("fetch", () => fetch(out + "fetch"));
      await attempt("beacon", () => navigator.sendBeacon(out + "beacon", "data"));
      await attempt("request", () => new Promise((resolve) => {
        const request = new XMLHttpRequest();
        request.onloadend = resolve;
        request.open("POST", out + "request");
        request.send("data");
      }));
      await attempt("socket", () => new Promise((resolve) => {
        const socket = new WebSocket(out.replace("http", "ws") + "socket");
        socket.onclose = socket.onopen = resolve;
        setTimeout(resolve, 1000);
      }));
      await attempt("events", () => new Promise((resolve) => {
        const events = new EventSource(out + "events");
        events.onerror = events.onopen = resolve;
        setTimeout(resolve, 1000);
      }));
      await attempt("image", () => element("img", (made) => made.src = out + "image"));
      await attempt("style", () => element("link", (made) => {
        made.rel = "stylesheet";
        made.href = out + "style";
      }));
      await attempt("frame", () => element("iframe", (made) => made.src = out + "frame"));
      if (location.pathname !== "/lax") await attempt("form", () => element("form", (made) => {
        made.action = out + "form";
        made.method = "post";
        document.body.append(made);
        made.submit();
      }));
      await attempt("worker", () => new Promise((resolve) => {
        const source = "try { importScripts('" + out + "script') } catch {}" +
          "fetch('" + out + "worker').catch(() => {}).finally(() => postMessage(1))";
        const worker = new Worker(policy.createScriptURL(URL.createObjectURL(new Blob([source]))));
        worker.onmessage = () => resolve(tried.push("from inside the worker"));
        worker.onerror = resolve;
        setTimeout(resolve, 5000);
      }));
      return tried;
    })()`);
        assertEquals(tried.length, page === address ? 11 : 10, tried.join());
      }, { before: keepPolicy });
    await tryAll(address);
    assertEquals(came, []);
    // Without the policy, all but the form come in, which would have led away from the page.
    await tryAll(`${address}lax`);
    end.abort(); // not shutdown, which waits for connections that the browser keeps
    const ways = [
      "beacon",
      "events",
      "fetch",
      "frame",
      "image",
      "request",
      "script",
      "socket",
      "style",
    ];
    assertEquals([...new Set(came)].sort(), [...ways, "worker"]);
  },
);

test("The table that is saved is that of predict", async (page) => {
  await page.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder });
  await drop(page, "mock.csv", Deno.readFileSync(MOCK));
  await predict(page);
  await page.evaluate(`document.getElementById("save-table").click()`);
  const saved = `${folder}/mock_clusters.csv`;
  for (let attempt = 0; attempt < 100; attempt++) {
    if ([...Deno.readDirSync(folder)].some(({ name }) => name === "mock_clusters.csv")) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const to = `${folder}/mock_terse.csv`;
  const args = [`--catalog=${MOCK}`, "--backend=core", "--leave-one-out", `--to=${to}`];
  assertEquals((await terse(folder, "predict", ...args, "--quiet")).code, 0);
  assertEquals(Deno.readTextFileSync(saved), Deno.readTextFileSync(to));
});

test("The page is dark where the system is, and turns by its button", async ({ send, evaluate }) => {
  const color = () => evaluate<string>("getComputedStyle(document.body).backgroundColor");
  assertEquals(await color(), "rgb(245, 246, 248)");
  await send("Emulation.setEmulatedMedia", {
    features: [{ name: "prefers-color-scheme", value: "dark" }],
  });
  assertEquals(await color(), "rgb(13, 17, 23)");
  await evaluate(`document.getElementById("theme").click()`);
  assertEquals(await color(), "rgb(245, 246, 248)");
});

testAlone(
  "Without scripts the page says what it needs, and what does the same",
  async (withPage) => {
    await withPage(url, async ({ evaluate }) => {
      const text = await evaluate<string>("document.body.innerText");
      assertStringIncludes(text, "This page needs scripts");
      assertStringIncludes(text, "terse predict --catalog FILE");
      assert(!text.includes("Choose a file"), text);
    }, { scripts: "off" });
  },
);

await testWith(
  ["chromium"],
  "The page that predicts works in Chromium",
  (context) =>
    withBrowser(async (withPage) => {
      await withPage(url, async (page) => {
        await waitForStart(page);
        for (const [name, body] of tests) {
          await context.step(name, () => body(page));
          await passOn(page);
          await page.evaluate(CHOOSE_AGAIN);
        }
      });
      for (const [name, body] of testsAlone) await context.step(name, () => body(withPage));
    }),
);

await testWith(
  ["firefox"],
  "The page that predicts gives the words of predict in Firefox, too, and asks for nothing",
  () =>
    withFirefox(url, async (page) => {
      await predictAll(page);
      assertEquals(page.complaints, []);
      assertEquals(outside(page.requests), []);
    }),
);
