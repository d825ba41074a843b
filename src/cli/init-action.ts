/** Writes what a first run needs; nothing that is there is touched. */
import { stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../report/make-folder.ts';
import { BROKEN, MISUSE } from './codes.ts';
import type { Console } from './console.ts';

const CONFIG = `# yaml-language-server: $schema=node_modules/restli-contract/contract.schema.json#/$defs/Config
contracts: [contracts/**/*.contract.yaml]

# Without a target, contracts are replayed against a mock made from them.
# target: staging
# targets:
#   staging:
#     baseUrl: https://staging.example.com/rest     # everything before the path of a resource
#     auth: { bearer: "\${env.API_TOKEN}" }
#     writes: false                                 # true: cases that write are sent, too
`;

const CONTRACT = `# yaml-language-server: $schema=../node_modules/restli-contract/contract.schema.json
contract: 1
resource: greetings
doc: Replace this with a resource of yours; the reference is docs/contract-format.md.
key: { id: long }
readOnly: [id]
entity:
  type: object
  required: [id, message]
  properties:
    id: { $ref: "#/types/long" }
    message: { type: string, minLength: 1 }
    tone: { $ref: "#/types/Tone" }
types:
  Tone: { enum: [FRIENDLY, SINCERE] }

# They exist in the mock.
examples:
  - { id: 1, message: Good morning, tone: FRIENDLY }
  - { id: 2, message: Good night, tone: SINCERE }

methods:
  GET:
  BATCH_GET:
  CREATE:
  PARTIAL_UPDATE:
  DELETE:

cases:
  - name: reads a greeting
    method: GET
    key: 1
    expect: { body: { message: Good morning } }
  - name: answers 404 for a greeting it never had
    method: GET
    key: 404
    expect: 404
  - name: tells the found from the missing
    method: BATCH_GET
    ids: [1, 404]
    expect: { each: [200, 404] }

flows:
  - name: a greeting comes, changes and goes
    steps:
      - { method: CREATE, entity: { message: Hello, tone: FRIENDLY }, capture: { greeting: key } }
      - { method: PARTIAL_UPDATE, key: "\${greeting}", patch: { $set: { message: Hi } } }
      - { method: GET, key: "\${greeting}", expect: { body: { message: Hi, tone: FRIENDLY } } }
      - { method: DELETE, key: "\${greeting}" }
    cleanup:
      - { method: DELETE, key: "\${greeting}" }
`;

const FILES: readonly (readonly [path: string, text: string])[] = [
  ['restli-contract.config.yaml', CONFIG],
  [join('contracts', 'greetings.contract.yaml'), CONTRACT],
];

export async function init(folder: string, console: Console): Promise<number> {
  const files = FILES.map(([path, text]) => ({ path: join(folder, path), text }));
  const present: string[] = [];
  for (const { path } of files) if ((await stat(path).catch(() => null)) !== null) present.push(path);
  if (present.length > 0) {
    console.err(
      `error: ${present.join(' and ')} ${present.length === 1 ? 'is' : 'are'} there already; nothing was written\n`,
    );
    return MISUSE;
  }

  for (const { path, text } of files) {
    try {
      await makeFolder(dirname(path));
      // `wx`: a file that appeared meanwhile is not overwritten either.
      await writeFile(path, text, { flag: 'wx' });
    } catch (error) {
      console.err(`error: failed to write ${path}: ${error instanceof Error ? error.message : String(error)}\n`);
      return BROKEN;
    }
    console.err(`wrote ${path}\n`);
  }
  console.err(`next:  ${folder === '.' ? '' : `cd ${folder} && `}restli-contract run\n`);
  return 0;
}
