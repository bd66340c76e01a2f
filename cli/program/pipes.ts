/**
 * Pipes among a command's inputs, open since it began: a pipe is read once, by whoever asks first.
 *
 * @module
 */
const open = new Map<string, Deno.FsFile>();

/** Keeps a pipe for its reader. */
export function keepPipe(path: string, file: Deno.FsFile): void {
  open.set(path, file);
}

/** Opens a file for reading; a pipe that is open already is handed over. */
export function openFile(path: string): Deno.FsFile {
  const pipe = open.get(path);
  if (pipe === undefined) return Deno.openSync(path);
  open.delete(path);
  return pipe;
}

/** Closes the pipes that nobody has asked for. */
export function closePipes(): void {
  for (const pipe of open.values()) pipe.close();
  open.clear();
}
