/** Programs that the check of tfjs's specs runs. */

/**
 * Runs a program with the packages of a folder and gives its output.
 *
 * @throws {Error} If it fails, with the last 12 lines of its stderr
 */
export async function run(command: string, args: string[], folder: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd: folder,
    env: { NODE_PATH: `${folder}/node_modules`, NO_COLOR: "1" },
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  const last = new TextDecoder().decode(stderr).trim().split("\n").slice(-12).join("\n");
  throw new Error(`Cannot run tfjs's specs: ${command} ${args.join(" ")} failed\n${last}`);
}
