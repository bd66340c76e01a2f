/** The graphics libraries of Linux, which print to stderr, past the console, where there is no desktop. */

/** Where a desktop keeps the sockets of its session; servers and containers often have none. */
const SOCKETS = "XDG_RUNTIME_DIR";

/**
 * Names a folder without sockets where none is named, so that the libraries look for a display, find
 * none, and say nothing. Without permission for that variable (`--allow-env`) they print a line for each
 * try: "error: XDG_RUNTIME_DIR is invalid or not set in the environment."
 */
export function quietGraphics(): void {
  if (Deno.build.os !== "linux") return;
  const permission = { name: "env", variable: SOCKETS } as const;
  if (Deno.permissions.querySync(permission).state !== "granted") return;
  if (!Deno.env.get(SOCKETS)) Deno.env.set(SOCKETS, "/run");
}
