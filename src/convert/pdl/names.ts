/** What simple names of one file mean: its imports, and the namespace that is in force. */

export class Names {
  namespace = '';
  readonly #imports = new Map<string, string>();

  /** @returns the other full name of which the same simple name was imported before; null if all is well */
  import(fullName: string): string | null {
    const simple = fullName.slice(fullName.lastIndexOf('.') + 1);
    const known = this.#imports.get(simple);
    if (known !== undefined && known !== fullName) return known;
    this.#imports.set(simple, fullName);
    return null;
  }

  /** The full name of a type that is referred to. */
  resolve(name: string): string {
    if (name.includes('.')) return name;
    return this.#imports.get(name) ?? this.declare(name);
  }

  /** The full name of a type that is declared. */
  declare(name: string): string {
    return this.namespace === '' ? name : `${this.namespace}.${name}`;
  }
}
