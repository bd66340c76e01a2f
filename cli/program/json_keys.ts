/**
 * Keys that an object of a JSON text has twice: `JSON.parse` takes the last one and says nothing.
 */

/** Strings with their quotes, and the marks that open, close and part. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** The first key that an object of a well-formed JSON text has twice; `null` if none has. */
export function findRepeatedKey(text: string): string | null {
  const open: (Set<string> | null)[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const key = JSON.parse(last) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
    last = token;
  }
  return null;
}
