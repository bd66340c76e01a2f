/**
 * The page's worker: answers requests one after the other, and reports its progress. It does all
 * the work, so that the page always responds.
 */
import { openCoreEngine } from "../../network/core/engine.ts";
import type { Ask, Reply, RequestName, Requests, Step } from "../protocol.ts";
import { Session } from "../session.ts";
import { readFile } from "./read_file.ts";

/** The worker's own global object; the name `self` is the page's in the types of the DOM. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<Ask>) => void) | null;
  postMessage(reply: Reply): void;
}

type Report = (step: Step) => void;

type Answers = {
  readonly [N in RequestName]: (
    ask: Requests[N]["ask"],
    report: Report,
  ) => Promise<Requests[N]["answer"]>;
};

const session = new Session();

const ANSWERS: Answers = {
  start: async ({ networks }) => await session.start(await openCoreEngine(), networks),
  open: async ({ file, options }, report) => {
    const bytes = await readFile(file, report);
    report({ what: "Looking into the file", done: null, all: null });
    return session.open(bytes, options);
  },
  table: ({ key }, report) => {
    report({ what: "Reading the table", done: null, all: null });
    return Promise.resolve(session.table(key));
  },
  check: (choices) => Promise.resolve(session.check(choices)),
  predict: (choices, report) => {
    report({ what: "Predicting", done: null, all: null });
    return session.predict(
      choices,
      (done, all) => report({ what: "Predicting: catalogs done", done, all }),
    );
  },
  catalog: ({ place }) => session.catalog(place),
  save: () => Promise.resolve(new Blob([...session.save()], { type: "text/csv" })),
};

const scope = globalThis as unknown as WorkerScope;

/** Requests wait for those before them. */
let last: Promise<void> = Promise.resolve();

scope.onmessage = ({ data }) => {
  last = last.then(() => answer(data));
};

async function answer({ id, name, ask }: Ask): Promise<void> {
  const report: Report = (step) => scope.postMessage({ id, kind: "step", step });
  try {
    const handler = ANSWERS[name] as (ask: unknown, report: Report) => Promise<unknown>;
    scope.postMessage({ id, kind: "answer", answer: await handler(ask, report) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    scope.postMessage({ id, kind: "fault", message });
  }
}
