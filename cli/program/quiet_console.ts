/** Libraries that print lines of their own, such as those of tfjs's WASM when it cannot start. */

/**
 * Runs an action while nothing that a library writes to the console is shown. What goes wrong is
 * reported by what the action throws or returns.
 */
export async function withQuietConsole<T>(action: () => Promise<T>): Promise<T> {
  const { log, info, warn, error } = console;
  const silent = () => {};
  Object.assign(console, { log: silent, info: silent, warn: silent, error: silent });
  try {
    return await action();
  } finally {
    Object.assign(console, { log, info, warn, error });
  }
}
