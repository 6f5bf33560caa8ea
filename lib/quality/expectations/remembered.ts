/**
 * Work something out of an object once, at its first use, and remember it as long as the object lives.
 *
 * @param make must depend on nothing but the object, which must not change
 */
export function remembered<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found.value;
    const value = make(key);
    known.set(key, { value });
    return value;
  };
}
