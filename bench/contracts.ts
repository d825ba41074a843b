import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BOOK } from './schema.mjs';

/** Writes contracts of up to 1,000 GET cases each and returns their files. */
export function writeContracts(folder: string, cases: number): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  for (let first = 1; first <= cases; first += 1000) {
    const last = Math.min(first + 999, cases);
    const name = `books${files.length}`;
    const contract = {
      contract: 1,
      resource: name,
      path: '/books',
      key: { id: 'long' },
      types: {
        Book: {
          ...BOOK,
          properties: { ...BOOK.properties, id: { $ref: '#/types/long' }, addedAt: { $ref: '#/types/long' } },
        },
      },
      entity: 'Book',
      methods: { GET: null },
      cases: Array.from({ length: last - first + 1 }, (_, index) => ({
        name: `reads book ${first + index}`,
        method: 'GET',
        key: first + index,
        expect: { body: { id: first + index } },
      })),
    };
    const file = path.join(folder, `${name}.contract.json`);
    writeFileSync(file, JSON.stringify(contract));
    files.push(file);
  }
  return files;
}
