/**
 * The loops that the build of the WASM core writes out.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { unroll } from "../.ci/unroll.ts";

Deno.test("marked loops are written out, nested ones too, and all else stays", () => {
  const source = `let $i = 1;
// unroll i = 0..1
  // unroll j = 2..3
    c$i$j += a[$(32 * i + 4 * (j - 2))];
  // end
  p$i += 8;
// end
return $(2 * 3);`;
  assertEquals(unroll(source, "x.ts").split("\n").map((line) => line.trim()), [
    "let $i = 1;",
    "c02 += a[0];",
    "c03 += a[4];",
    "p0 += 8;",
    "c12 += a[32];",
    "c13 += a[36];",
    "p1 += 8;",
    "return 6;",
  ]);
});

Deno.test("a loop without an end or a start, and a number that is none, are errors with their line", () => {
  const fails = (source: string, message: string) =>
    assertThrows(() => unroll(source, "x.ts"), SyntaxError, message);
  fails("a\n// unroll i = 0..1\nb", "Cannot unroll x.ts: the loop of line 2 has no end");
  fails("a\n// end\n", "Cannot unroll x.ts: line 2 ends no loop");
  fails("$(2 * i)", "Cannot unroll x.ts, line 1: 2 * i is not a number");
});
