/** Programs that a machine may have. */

/** Whether a line of shell succeeds. */
export function succeeds(shellCommand: string): boolean {
  const args = ["-c", shellCommand];
  return new Deno.Command("sh", { args, stdout: "null", stderr: "null" }).outputSync().success;
}

/** The first of these programs that is installed. */
export function findProgram(...names: string[]): string | undefined {
  return names.find((name) => succeeds(`command -v ${name}`));
}
