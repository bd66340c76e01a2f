/**
 * Ways to disturb commands that work on one folder: each runs commands, and says how each of them
 * ended.
 */
import { decode, type Finished } from "../../tests/cli_process.ts";
import { createRandom } from "../../mod.ts";

/** Where the commands work. */
export interface Ground {
  /** The run folder. */
  readonly run: string;
  /** A folder that no command may touch. */
  readonly outside: string;
  /** Starts a command that is chosen at random. */
  start(): Deno.ChildProcess;
  /** A number from 0 to 1. */
  uniform(): number;
  /** Whether the run folder lies on a disk of its own, which can be filled. */
  readonly isMounted: boolean;
}

/** How a command ended; `null` if it was killed. */
export type Ending = Finished | null;

/** A random choice, by a seed. */
export function createUniform(seed: number): () => number {
  const random = createRandom(seed);
  return () => random.uniform();
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The end of a process, which a signal may have caused. */
async function endOf(process: Deno.ChildProcess): Promise<Ending> {
  const output = await process.output();
  return output.signal === null ? decode(output) : null;
}

/** Sends a signal, unless the process has come to its end. */
function send(process: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    process.kill(signal);
  } catch {
    // It has come to its end.
  }
}

/** Commands take up to this long, most of them less [ms] */
const LONGEST = 4000;

/** Runs a command with something in the way, which is taken away afterwards. */
async function withObstacle(
  ground: Ground,
  put: () => () => void,
): Promise<Ending[]> {
  const clear = put();
  try {
    return [await endOf(ground.start())];
  } finally {
    clear();
  }
}

/** Puts something in the place of a file of the run folder. */
function replace(path: string, put: (path: string) => void): () => void {
  const kept = `${path}.kept`;
  const was = exists(path);
  if (was) Deno.renameSync(path, kept);
  put(path);
  return () => {
    Deno.removeSync(path);
    if (was) Deno.renameSync(kept, path);
  };
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

const FILES = ["catalogs.fits", "weights.safetensors", "results.json", "limit.json", ".terse.lock"];
const FOLDERS = ["checkpoints", "figures"];

/** Disturbances by name. */
export const DISTURBANCES: Readonly<Record<string, (ground: Ground) => Promise<Ending[]>>> = {
  "none": async (ground) => [await endOf(ground.start())],
  "kill -9": async (ground) => {
    const process = ground.start();
    const end = endOf(process);
    await Promise.race([end, sleep(ground.uniform() * LONGEST)]);
    send(process, "SIGKILL");
    return [await end];
  },
  "Ctrl-C": async (ground) => {
    const process = ground.start();
    const end = endOf(process);
    await Promise.race([end, sleep(ground.uniform() * LONGEST)]);
    send(process, "SIGINT");
    return [await end];
  },
  "two at a time": async (ground) => {
    const both = [ground.start(), ground.start()];
    return await Promise.all(both.map(endOf));
  },
  "two, one stopped": async (ground) => {
    const first = ground.start();
    const ends = [endOf(first)];
    await Promise.race([ends[0], sleep(ground.uniform() * LONGEST)]);
    send(first, "SIGSTOP");
    const second = ground.start();
    ends.push(endOf(second));
    await Promise.race([ends[1], sleep(ground.uniform() * LONGEST)]);
    if (ground.uniform() < 0.5) send(second, "SIGKILL");
    await ends[1];
    send(first, "SIGCONT");
    return await Promise.all(ends);
  },
  "full disk": (ground) => {
    if (!ground.isMounted) return Promise.resolve([]);
    return withObstacle(ground, () => {
      const filler = ground.run.replace(/run$/, "filler");
      const args = ["if=/dev/zero", `of=${filler}`, "bs=1k"];
      new Deno.Command("dd", { args, stderr: "null" }).outputSync();
      return () => Deno.removeSync(filler);
    });
  },
  "link to outside": (ground) => {
    const name = FILES[Math.floor(ground.uniform() * FILES.length)]!;
    const kind = Math.floor(ground.uniform() * 3);
    const goals = [`${ground.outside}/file`, `${ground.outside}/new`];
    if (!exists(ground.run)) return Promise.resolve([]);
    return withObstacle(ground, () =>
      replace(`${ground.run}/${name}`, (path) => {
        if (kind < 2) Deno.symlinkSync(goals[kind]!, path);
        else Deno.symlinkSync(ground.outside, path);
      }));
  },
  "folder that is a link": (ground) => {
    const name = FOLDERS[Math.floor(ground.uniform() * FOLDERS.length)]!;
    if (!exists(ground.run)) return Promise.resolve([]);
    return withObstacle(
      ground,
      () => replace(`${ground.run}/${name}`, (path) => Deno.symlinkSync(ground.outside, path)),
    );
  },
};
