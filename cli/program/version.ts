/** The package's version, from `deno.json`. */
import config from "../../deno.json" with { type: "json" };

/** Version of the package, as in "0.1.0". */
export const VERSION: string = config.version;
