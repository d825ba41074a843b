/** Places of the format where one value or a list of such values may stand. */

/** `Array.isArray` does not tell a readonly list from its item; no item of the format is a list itself. */
export function isMany<T>(written: T | readonly T[]): written is readonly T[] {
  return Array.isArray(written);
}

/** Always a list. A list that the shape check went through holds null where an item did not fit; those go. */
export function asMany<T>(written: T | readonly T[] | undefined): readonly T[] {
  if (written === undefined) return [];
  return isMany(written) ? written.filter((item) => item !== null) : [written];
}
