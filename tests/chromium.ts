/**
 * A headless Chromium for tests, spoken to over the DevTools protocol.
 */
import { assert } from "@std/assert";
import { removeFolder } from "./environment.ts";
import { findProgram } from "./programs.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const START_SECONDS = 60;

/** The browser that is installed, if any. */
export const CHROMIUM: string | undefined = findProgram(...NAMES);

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** A page under test. */
export interface TestPage {
  /** Calls a method of the DevTools protocol. */
  send(method: string, params?: object): Promise<Readonly<Record<string, unknown>>>;
  /** Runs JavaScript in the page and returns its value. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression is true in the page. */
  waitFor(expression: string): Promise<void>;
  /** All that the page complained of: exceptions, console errors and refusals of its policy. */
  readonly complaints: string[];
  /** Addresses that the page asked for. */
  readonly requests: string[];
}

/** How a page is opened. */
export interface PageOptions {
  /** "on" unless given. */
  readonly scripts?: "on" | "off";
  /** Size of the window in pixels. */
  readonly width?: number;
  /** What is done before the page is loaded. */
  readonly before?: (send: TestPage["send"]) => Promise<unknown>;
}

/** The width of a window that was not asked to have another. */
const WIDTH = 1200;

/** Opens an address in a page of its own, and closes that when it has been used. */
export type WithPage = (
  url: string,
  use: (page: TestPage) => Promise<void>,
  options?: PageOptions,
) => Promise<void>;

/** A browser that runs. */
interface Browser {
  /** Where it listens. */
  readonly address: string;
  /** Ends it, and removes its profile. */
  end(): Promise<void>;
}

/** The browser that the tests of this isolate share, once one of them has asked for it. */
let shared: Promise<Browser> | undefined;

/** Ends the browser, if there is one. Programs that are no tests call it, or they never end. */
export async function endBrowser(): Promise<void> {
  const browser = shared;
  shared = undefined;
  if (browser) await (await browser).end();
}

Deno.test.afterAll(endBrowser);

/** Gives the browser, which is started for the first test that asks for it and ends after the last one. */
export async function withBrowser(use: (withPage: WithPage) => Promise<void>): Promise<void> {
  const { address } = await (shared ??= startBrowser());
  await use(async (url, use, options = {}) => {
    const socket = await connect(address);
    const closed = new Promise((resolve) => socket.onclose = resolve);
    try {
      await usePage(socket, url, options, use);
    } finally {
      socket.close();
      await closed;
    }
  });
}

async function startBrowser(): Promise<Browser> {
  assert(CHROMIUM, "chromium is not installed");
  const profile = Deno.makeTempDirSync();
  const browser = new Deno.Command(CHROMIUM, {
    args: [
      ..."--headless=new --no-sandbox --disable-gpu --no-first-run".split(" "),
      "--disable-dev-shm-usage",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      "about:blank",
    ],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const errors = browser.stderr.getReader();
  const end = async () => {
    browser.kill("SIGKILL");
    await browser.status;
    await errors.cancel();
    await removeFolder(profile); // its other processes end a moment later
  };
  try {
    return { address: await readAddress(errors), end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The address that the browser prints when it listens. */
async function readAddress(errors: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  let text = "";
  const deadline = setTimeout(() => errors.cancel(), 1000 * START_SECONDS);
  while (true) {
    const { value, done } = await errors.read();
    if (done) throw new Error(`chromium did not start: ${text}`);
    text += new TextDecoder().decode(value);
    const address = /listening on (ws:\S+)/.exec(text)?.[1];
    if (address === undefined) continue;
    clearTimeout(deadline);
    return address;
  }
}

function connect(address: string): Promise<WebSocket> {
  const socket = new WebSocket(address);
  return new Promise((resolve, reject) => {
    socket.onopen = () => resolve(socket);
    socket.onerror = () => reject(new Error(`cannot connect to ${address}`));
  });
}

/** Makes the window so many pixels wide. */
export async function setWidth(send: TestPage["send"], width: number): Promise<void> {
  const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: false };
  await send("Emulation.setDeviceMetricsOverride", metrics);
}

/**
 * Gives a page that has been used to its next test, which thus need not wait for another one: what it
 * asked for and complained of is forgotten, and its window, media and mouse are as they were.
 */
export async function passOn({ send, complaints, requests }: TestPage): Promise<void> {
  complaints.length = 0;
  requests.length = 0;
  await setWidth(send, WIDTH);
  await send("Emulation.setEmulatedMedia", { media: "", features: [] });
  await send("Input.dispatchMouseEvent", { type: "mouseMoved", x: 0, y: 0 });
}

/** Opens a page, and closes it when it has been used. */
async function usePage(
  socket: WebSocket,
  url: string,
  { scripts = "on", width = WIDTH, before }: PageOptions,
  use: (page: TestPage) => Promise<void>,
): Promise<void> {
  const waiting = new Map<number, (message: Message) => void>();
  const complaints: string[] = [];
  const requests: string[] = [];
  let loaded = () => {};
  const load = new Promise<void>((resolve) => loaded = resolve);
  const session: { sessionId?: unknown } = {};
  let last = 0;
  socket.onmessage = ({ data }) => {
    const message: Message = JSON.parse(data);
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    const { method, params } = message;
    if (method === "Page.loadEventFired") loaded();
    if (method === "Runtime.exceptionThrown") complaints.push(JSON.stringify(params));
    if (method === "Log.entryAdded") complaints.push(JSON.stringify(params));
    if (method === "Runtime.consoleAPICalled") complaints.push(JSON.stringify(params));
    if (method === "Network.requestWillBeSent") {
      requests.push((params!["request"] as { url: string }).url);
    }
  };
  const send = (method: string, params: object = {}, to: object = session) =>
    new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id);
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result ?? {});
      });
      socket.send(JSON.stringify({ id, method, params, ...to }));
    });
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  Object.assign(session, await send("Target.attachToTarget", { targetId, flatten: true }));
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);
  await send("Emulation.setScriptExecutionDisabled", { value: scripts === "off" });
  await setWidth(send, width);
  await before?.(send);
  await send("Page.navigate", { url });
  await load;
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await send("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    assert(exceptionDetails === undefined, JSON.stringify(exceptionDetails));
    return (result as { value: T }).value;
  };
  const waitFor = async (expression: string) => {
    for (let attempt = 0; attempt < 100; attempt++) {
      if (await evaluate<boolean>(expression)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`never true in the page: ${expression}`);
  };
  try {
    await use({ send, evaluate, waitFor, complaints, requests });
  } finally {
    await send("Target.closeTarget", { targetId }, {});
  }
}
