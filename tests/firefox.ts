/**
 * A headless Firefox for tests, spoken to over WebDriver BiDi.
 */
import { assert } from "@std/assert";
import { removeFolder } from "./environment.ts";
import { findProgram } from "./programs.ts";

const NAMES = ["firefox-esr", "firefox"];
const START_SECONDS = 90;

/** The browser that is installed, if any. */
export const FIREFOX: string | undefined = findProgram(...NAMES);

/** A page under test. */
export interface FirefoxPage {
  /** Calls a method of WebDriver BiDi. */
  send(method: string, params?: object): Promise<Readonly<Record<string, unknown>>>;
  /** The page's number in such calls. */
  readonly context: string;
  /** Runs JavaScript in the page and returns its value, which JSON can hold. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression is true in the page. */
  waitFor(expression: string): Promise<void>;
  /** All that the page complained of: exceptions, console errors and warnings. */
  readonly complaints: string[];
  /** Addresses that the page asked for. */
  readonly requests: string[];
}

interface Message {
  readonly id?: number;
  readonly type?: string;
  readonly method?: string;
  readonly message?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
}

/** Starts the browser, opens an address, and ends it when it has been used. */
export async function withFirefox(
  url: string,
  use: (page: FirefoxPage) => Promise<void>,
): Promise<void> {
  assert(FIREFOX, "firefox is not installed");
  const profile = Deno.makeTempDirSync();
  const browser = new Deno.Command(FIREFOX, {
    args: ["--headless", "--no-remote", `--profile=${profile}`, "--remote-debugging-port=0"]
      .flatMap((arg) => arg.startsWith("--profile=") ? ["--profile", arg.slice(10)] : [arg]),
    stdout: "null",
    stderr: "piped",
    env: { HOME: profile, MOZ_CRASHREPORTER_DISABLE: "1" },
  }).spawn();
  const errors = browser.stderr.getReader();
  try {
    const socket = new WebSocket(`${await readAddress(errors)}/session`);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error("cannot connect to firefox"));
    });
    const closed = new Promise((resolve) => socket.onclose = resolve);
    try {
      await use(await openPage(socket, url));
    } finally {
      socket.close();
      await closed;
    }
  } finally {
    browser.kill("SIGKILL");
    await browser.status;
    await errors.cancel();
    await removeFolder(profile);
  }
}

/** The address that the browser prints when it listens. */
async function readAddress(errors: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  let text = "";
  const deadline = setTimeout(() => errors.cancel(), 1000 * START_SECONDS);
  while (true) {
    const { value, done } = await errors.read();
    if (done) throw new Error(`firefox did not start: ${text}`);
    text += new TextDecoder().decode(value);
    const address = /BiDi listening on (ws:\S+)/.exec(text)?.[1];
    if (address === undefined) continue;
    clearTimeout(deadline);
    return address;
  }
}

async function openPage(socket: WebSocket, url: string): Promise<FirefoxPage> {
  const waiting = new Map<number, (message: Message) => void>();
  const complaints: string[] = [];
  const requests: string[] = [];
  let last = 0;
  socket.onmessage = ({ data }) => {
    const message: Message = JSON.parse(data);
    if (message.id !== undefined) return waiting.get(message.id)?.(message);
    const { method, params } = message;
    if (method === "log.entryAdded" && /error|warn/.test(String(params!["level"]))) {
      complaints.push(String(params!["text"]));
    }
    if (method === "network.beforeRequestSent") {
      requests.push((params!["request"] as { url: string }).url);
    }
  };
  const send = (method: string, params: object = {}) =>
    new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, (message) => {
        waiting.delete(id);
        if (message.type === "error") reject(new Error(`${method}: ${message.message}`));
        else resolve(message.result ?? {});
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  await send("session.new", { capabilities: {} });
  await send("session.subscribe", { events: ["log.entryAdded", "network.beforeRequestSent"] });
  const { contexts } = await send("browsingContext.getTree") as {
    contexts: readonly { readonly context: string }[];
  };
  const { context } = contexts[0]!;
  await send("browsingContext.navigate", { context, url, wait: "complete" });
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { type, result, exceptionDetails } = await send("script.evaluate", {
      expression: `(async () => JSON.stringify(await (${expression})))()`,
      target: { context },
      awaitPromise: true,
    });
    assert(type === "success", JSON.stringify(exceptionDetails));
    const { value } = result as { value?: string };
    return (value === undefined ? undefined : JSON.parse(value)) as T;
  };
  const waitFor = async (expression: string) => {
    for (let attempt = 0; attempt < 200; attempt++) {
      if (await evaluate<boolean>(expression)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`never true in the page: ${expression}`);
  };
  return { send, context, evaluate, waitFor, complaints, requests };
}
