/** What tests that start programs in an empty environment must keep of this one, and how they clean up. */

/** Variables by which a person's network is reached: certificates, proxies, npm's settings. */
const NETWORK = [
  /^DENO_(TLS_CA_STORE|CERT|AUTH_TOKENS)$/,
  /^(SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS)$/,
  /^(https?|all|no)_proxy$/i,
  /^npm_config_/i,
];

/** The variables of this environment without which a download may fail. */
export function networkVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Deno.env.toObject())
      .filter(([name]) => NETWORK.some((pattern) => pattern.test(name))),
  );
}

/** Gives an empty home the npm settings of the person's own, where registries and proxies stand. */
export function copyNpmSettings(home: string): void {
  try {
    Deno.copyFileSync(`${Deno.env.get("HOME")}/.npmrc`, `${home}/.npmrc`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error; // most people have none
  }
}

const REMOVAL_SECONDS = 10;

/** Removes a folder in which a process that was just ended may still write for a moment. */
export async function removeFolder(path: string): Promise<void> {
  const deadline = performance.now() + 1000 * REMOVAL_SECONDS;
  while (true) {
    try {
      return await Deno.remove(path, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
