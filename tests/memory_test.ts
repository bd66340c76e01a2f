/** A long training takes no more memory than a short one. */
import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import type { Memory } from "./memory_steps.ts";

const STEPS = 6000;
/** Steps after which all code is compiled and every size of batch has been seen. */
const WARM = 1200;
/** What a step may leave [bytes]: less than a batch, its outputs or its gradients would. */
const LEFT = { heap: 128, process: 1024 };

/** Collections when they are asked for, and no more room for young objects than at the start. */
const FLAGS = "--v8-flags=--expose-gc,--max-semi-space-size=1";
const PROGRAM = new URL("memory_steps.ts", import.meta.url).pathname;

async function trainFor(backend: string): Promise<Memory[]> {
  const args = ["run", "--no-prompt", FLAGS, "--allow-read", PROGRAM, backend, `${STEPS}`];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const lines = text(stdout).trimEnd().split("\n");
  assertEquals(lines.length, 10, text(stderr));
  return lines.map((line) => JSON.parse(line));
}

for (const backend of ["core", "wasm"]) {
  Deno.test(`6 000 training steps on ${backend} leave no tensor and take no more memory than 1 200`, async () => {
    const samples = await trainFor(backend);
    const warm = samples.find(({ steps }) => steps === WARM)!;
    const end = samples.at(-1)!;
    assertEquals(end.steps, STEPS);
    assert(backend === "core" ? warm.wasm > 0 : warm.tensors > 0, "nothing is measured");
    for (const { steps, tensors, wasm } of samples.filter(({ steps }) => steps > WARM)) {
      assertEquals([tensors, wasm], [warm.tensors, warm.wasm], `after ${steps} steps`);
    }
    assertLess(end.heap - warm.heap, LEFT.heap * (STEPS - WARM));
    assertLess(end.process - warm.process, LEFT.process * (STEPS - WARM));
    assertGreater(end.process, end.heap);
  });
}
