/** Spawns the command as a shell would, in a folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
const TSX = path.join(ROOT, 'node_modules/tsx/dist/loader.mjs');
const MAIN = path.join(ROOT, 'src/cli/main.ts');

export const GREETINGS = `contract: 1
resource: greetings
key: { id: long }
readOnly: [id]
entity:
  type: object
  required: [id, message]
  properties: { id: { $ref: "#/types/long" }, message: { type: string } }
examples:
  - { id: 1, message: Good morning }
  - { id: 2, message: Good night }
methods:
  GET:
  CREATE:
  DELETE:
cases:
  - name: reads a greeting
    method: GET
    key: 1
    expect: { body: { message: Good morning } }
  - name: misses a greeting
    method: GET
    key: 404
    expect: 404
  - name: creates a greeting
    method: CREATE
    entity: { message: Hello }
  - name: removes a greeting
    method: DELETE
    key: 2
`;

export interface Folder extends Disposable {
  readonly path: string;
}

/** A folder with these files; `greetings.contract.yaml` unless others are named. */
export function folderOf(files: Readonly<Record<string, string>> = { 'greetings.contract.yaml': GREETINGS }): Folder {
  const folder = mkdtempSync(path.join(tmpdir(), 'restli-contract-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return { path: folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the process once it runs, and with all text so far whenever some comes. */
  readonly onStart?: (child: ChildProcess) => void;
  readonly onText?: (text: string, child: ChildProcess) => void;
}

/** Longest that any run of a test may take. */
const DEADLINE_MS = 15_000;

export function cli(
  folder: Folder,
  args: readonly string[],
  { env = {}, onStart, onText }: CliOptions = {},
): Promise<Ran> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', TSX, MAIN, ...args], {
      cwd: folder.path,
      env: { PATH, HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const deadline = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      onText?.(out + err, child);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
      onText?.(out + err, child);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(deadline);
      resolve({ code, out, err });
    });
    onStart?.(child);
  });
}
