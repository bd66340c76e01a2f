/**
 * The process of resident.ts: a line on stdin is a JSON list of arguments. What a command prints goes to
 * stdout and stderr as ever; each then gets a line that ends it, with the exit code.
 */
import { main } from "../cli/main.ts";
import { writeAll } from "../cli/program/progress.ts";

const [ending] = Deno.args;
let waiting = "";
for await (const part of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  waiting += part;
  for (let end = waiting.indexOf("\n"); end >= 0; end = waiting.indexOf("\n")) {
    const args: string[] = JSON.parse(waiting.slice(0, end));
    waiting = waiting.slice(end + 1);
    const code = await main(args);
    for (const stream of [Deno.stderr, Deno.stdout]) writeAll(stream, `${ending}${code}\n`);
  }
}
Deno.exit(); // a command may have left workers open, which end with its process
