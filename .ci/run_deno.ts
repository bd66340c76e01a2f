/** Runs a Deno command in the repository's root; the process ends with its code if it fails. */
export async function runDeno(...args: string[]): Promise<void> {
  const cwd = new URL("..", import.meta.url);
  const { code } = await new Deno.Command(Deno.execPath(), { args, cwd, stdin: "null" })
    .spawn().status;
  if (code !== 0) Deno.exit(code);
}
