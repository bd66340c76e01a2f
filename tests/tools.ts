/**
 * Tests that need a program or device that a machine may not have. Where it is missing the test is
 * ignored, and its name says why; where TERSE_REQUIRE names it, as in CI, the test runs and fails.
 */
import { findProgram, succeeds } from "./programs.ts";

const PYTHON = "/usr/bin/python3";

const hasProgram = (...names: string[]): boolean => findProgram(...names) !== undefined;

/** Whether Python finds a module; to import astropy takes ten times as long. */
const hasModule = (name: string): boolean =>
  succeeds(
    `${PYTHON} -c "import importlib.util as u, sys; sys.exit(u.find_spec('${name}') is None)"`,
  );

/** Whether a disk can be mounted in memory, as in CI's container. */
function mayMount(): boolean {
  const folder = Deno.makeTempDirSync();
  const may = succeeds(`mount -t tmpfs -o size=1m terse ${folder} && umount ${folder}`);
  Deno.removeSync(folder);
  return may;
}

/** A program or device that some tests need. */
export type Tool =
  | "webgpu"
  | "fitsverify"
  | "astropy"
  | "numpy"
  | "chromium"
  | "firefox"
  | "parallel"
  | "mount"
  | "bash"
  | "zsh"
  | "fish";

/** What a tool is for a reader of the test's output, and whether it is here. */
const TOOLS: Readonly<
  Record<Tool, { readonly needs: string; readonly isHere: () => boolean | Promise<boolean> }>
> = {
  webgpu: {
    needs: "a WebGPU adapter",
    isHere: async () => await navigator.gpu?.requestAdapter() != null,
  },
  fitsverify: { needs: "fitsverify", isHere: () => hasProgram("fitsverify") },
  astropy: { needs: `astropy for ${PYTHON}`, isHere: () => hasModule("astropy") },
  numpy: { needs: `NumPy for ${PYTHON}`, isHere: () => hasModule("numpy") },
  chromium: {
    needs: "Chromium",
    isHere: () => hasProgram("chromium", "chromium-browser", "google-chrome"),
  },
  firefox: { needs: "Firefox", isHere: () => hasProgram("firefox-esr", "firefox") },
  parallel: { needs: "GNU parallel", isHere: () => hasProgram("parallel") },
  mount: { needs: "the right to mount a disk", isHere: mayMount },
  bash: { needs: "bash", isHere: () => hasProgram("bash") },
  zsh: { needs: "zsh", isHere: () => hasProgram("zsh") },
  fish: { needs: "fish", isHere: () => hasProgram("fish") },
};

/** The tools that must be here, by the environment. */
const REQUIRED = (Deno.env.get("TERSE_REQUIRE") ?? "").split(" ");

/** Why a test that needs these tools is ignored; null if it runs. */
export async function findReason(tools: readonly Tool[]): Promise<string | null> {
  for (const tool of tools) {
    if (!REQUIRED.includes(tool) && !await TOOLS[tool].isHere()) {
      return `needs ${TOOLS[tool].needs}`;
    }
  }
  return null;
}

/** Defines a test that needs tools. */
export async function testWith(
  tools: readonly Tool[],
  name: string,
  fn: (context: Deno.TestContext) => void | Promise<void>,
): Promise<void> {
  const reason = await findReason(tools);
  Deno.test({
    name: reason === null ? name : `${name} [ignored: ${reason}]`,
    ignore: reason !== null,
    fn,
  });
}
