/** What several backends are held to is computed once. */

/** Makes what computes a value when its name is asked for first, and gives it again afterwards. */
export function remember<T>(): (name: string, compute: () => T) => T {
  const known = new Map<string, T>();
  return (name, compute) => {
    if (!known.has(name)) known.set(name, compute());
    return known.get(name)!;
  };
}
