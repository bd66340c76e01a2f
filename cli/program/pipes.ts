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

/**
 * Opens a file for reading; a pipe that is open already is handed over.
 *
 * @throws {Error} If it is a pipe that no option names, as in a run folder: opening it could wait for ever
 */
export function openFile(path: string): Deno.FsFile {
  const pipe = open.get(path);
  if (pipe !== undefined) {
    open.delete(path);
    return pipe;
  }
  const { isFifo, isSocket } = Deno.statSync(path);
  if (isFifo) throw new Error("it is a pipe, a file is needed; a pipe is read once, as an input");
  if (isSocket) throw new Error("it is a socket, a file is needed");
  return Deno.openSync(path);
}

/** Closes the pipes that no command has asked for. */
export function closePipes(): void {
  for (const pipe of open.values()) pipe.close();
  open.clear();
}
