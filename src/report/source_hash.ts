/**
 * Hashes by which a content security policy allows a page its own scripts and styles and no others.
 */

/** The source expression of an inline script or style in a content security policy. */
export async function hashSource(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}
