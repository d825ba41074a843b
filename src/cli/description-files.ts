/** The descriptions and schemas that `convert restli` was pointed at, one by one or as a folder. */
import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import path from 'node:path';

export interface FoundFiles {
  /** In no order. */
  readonly files: readonly string[];
  /** Folders and links that lead nowhere anyone may look, each with the reason of the system. */
  readonly unreadable: readonly string[];
}

/** Folders that hold copies of what others wrote. */
const PASSED_OVER = new Set(['node_modules']);

/**
 * The file itself, or every file below a folder that ends so; links are followed, each folder is entered once, and those
 * that begin with a dot are passed over.
 *
 * @returns null: there is nothing of that name
 */
export function descriptionsAt(input: string, endings: readonly string[]): FoundFiles | null {
  const isFolder = isFolderAt(input);
  if (typeof isFolder === 'string') return null;
  if (!isFolder) return { files: [input], unreadable: [] };

  const files: string[] = [];
  const unreadable: string[] = [];
  const entered = new Set<string>();
  const waiting = [input];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const entries = entriesOf(folder, entered);
    if (typeof entries === 'string') unreadable.push(`${folder}: ${entries}`);
    else
      for (const entry of entries) {
        const place = path.join(folder, entry.name);
        const below = entry.isSymbolicLink() ? isFolderAt(place) : entry.isDirectory();
        const isWanted = endings.some((ending) => entry.name.endsWith(ending));
        if (below === true && !entry.name.startsWith('.') && !PASSED_OVER.has(entry.name)) waiting.push(place);
        else if (typeof below === 'string' && isWanted) unreadable.push(`${place}: ${below}`);
        else if (below === false && isWanted) files.push(place);
      }
  }
  return { files, unreadable };
}

/** What stands in a folder; nothing where it was entered before, text where it cannot be read. */
function entriesOf(folder: string, entered: Set<string>): readonly Dirent[] | string {
  try {
    const real = realpathSync(folder);
    if (entered.has(real)) return [];
    entered.add(real);
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return reasonOf(error);
  }
}

function isFolderAt(place: string): boolean | string {
  try {
    return statSync(place).isDirectory();
  } catch (error) {
    return reasonOf(error);
  }
}

/** `EACCES: permission denied`, without the path, which stands before it already. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/,[^]*$/, '') : String(error);
}
