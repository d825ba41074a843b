/** The command: what it writes, what it refuses, what it says. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Console } from '../../src/cli/console.ts';
import { convert, type ConvertFlags } from '../../src/cli/convert-action.ts';
import { writeAll } from '../../src/cli/write-all.ts';
import { filesBelow, FIXTURES, MUSEUM, readFile } from './fixtures.ts';

const root = mkdtempSync(path.join(tmpdir(), 'convert-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = root;
beforeEach(() => {
  folder = mkdtempSync(path.join(root, 'case-'));
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(format: string, inputs: readonly string[], flags: ConvertFlags = {}): Promise<Ran> {
  const text = { out: '', err: '' };
  const write =
    (stream: 'out' | 'err') =>
    (part: string): void =>
      void (text[stream] += part);
  const console: Console = {
    out: write('out'),
    err: write('err'),
    write: write('out'),
    outClosed: () => false,
    debug: false,
    colour: () => false,
    isTty: () => false,
    terminal: () => ({ colour: false, width: 80, unicode: true }),
    crash: (error) => {
      throw error;
    },
  };
  return { code: await convert(format, inputs, flags, console), ...text };
}

describe('convert restli', () => {
  it('takes a whole tree, writes contracts and schemas, and tells what it could not carry over', async () => {
    const { code, out, err } = await run('restli', [MUSEUM], { out: path.join(folder, 'c') });
    expect(code).toBe(0);
    const golden = filesBelow(path.join(FIXTURES, '../golden/convert/museum')).filter(
      (file) => !file.endsWith('told.txt'),
    );
    expect(filesBelow(path.join(folder, 'c')).map((file) => readFile(file))).toEqual(
      golden.map((file) => readFile(file)),
    );
    expect(out.trim().split('\n')).toHaveLength(golden.length);
    expect(err).toContain('warning convert/alternative-key: `exhibits` can be reached');
    expect(err).toContain('9 contracts in');
  });

  it('finds the schemas of a single description where builds keep them', async () => {
    const { code, err } = await run('restli', [path.join(MUSEUM, 'idl/org.example.museum.loans.restspec.json')], {
      out: folder,
    });
    expect(code).toBe(0);
    expect(err).not.toContain('type-not-found');
    expect(existsSync(path.join(folder, 'schemas/loan-problem.schema.json'))).toBe(true);
  });

  it('finds them where --schemas says, else says what is missing', async () => {
    const file = path.join(folder, 'loans.restspec.json');
    cpSync(path.join(MUSEUM, 'idl/org.example.museum.loans.restspec.json'), file);
    expect((await run('restli', [file], { out: path.join(folder, 'a') })).err).toContain(
      '`org.example.museum.Loan` is nowhere among the files',
    );
    expect(
      (await run('restli', [file], { out: path.join(folder, 'b'), schemas: [path.join(MUSEUM, 'pegasus')] })).err,
    ).not.toContain('nowhere');
  });

  it('says where --schemas leads nowhere', async () => {
    const inputs = [path.join(MUSEUM, 'idl/org.example.museum.loans.restspec.json')];
    const empty = path.join(folder, 'empty');
    mkdirSync(empty);
    const schemas = [path.join(folder, 'nowhere'), empty, path.join(MUSEUM, 'pegasus')];
    const { code, err } = await run('restli', inputs, { out: path.join(folder, 'c'), schemas });
    expect(code).toBe(0);
    expect(err.split('\n').filter((line) => line.includes('--schemas'))).toEqual([
      `warning: there is no folder ${schemas[0]}, which --schemas names`,
      `warning: --schemas ${empty} is no folder with schemas (.pdl, .pdsc)`,
    ]);
  });

  it('writes nothing over a file that would change, unless it is forced; the same text again is fine', async () => {
    const inputs = [path.join(MUSEUM, 'idl/org.example.museum.office.restspec.json')];
    expect((await run('restli', inputs, { out: folder })).code).toBe(0);
    expect((await run('restli', inputs, { out: folder })).code).toBe(0);

    const file = path.join(folder, 'office.contract.yaml');
    writeFileSync(file, 'mine\n');
    rmSync(path.join(folder, 'schemas'), { recursive: true });
    const refused = await run('restli', inputs, { out: folder });
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('office.contract.yaml is there already and would change; nothing was written');
    expect(readFileSync(file, 'utf8')).toBe('mine\n');
    expect(existsSync(path.join(folder, 'schemas'))).toBe(false);

    expect((await run('restli', inputs, { out: folder, force: true })).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('resource: office');
  });

  it('shows errors where they are, writes what does not hang on them and ends with 2', async () => {
    for (const name of ['office', 'opening']) {
      const file = `${name}.restspec.json`;
      cpSync(path.join(MUSEUM, `idl/org.example.museum.${file}`), path.join(folder, 'in', file));
    }
    writeFileSync(
      path.join(folder, 'in/Point.pdl'),
      'namespace org.example.museum record Point {\n  latitude double\n}',
    );
    const { code, err } = await run('restli', [path.join(folder, 'in')], { out: path.join(folder, 'out') });
    expect(code).toBe(2);
    expect(err).toContain('error convert/pdl-syntax: `double` stands where `:` after the field `latitude` should');
    expect(err).toMatch(/Point\.pdl:2:12[^]*2 \| {3}latitude double/);
    expect(err).toContain('`office` has no contract: `org.example.museum.Point` should be in ');
    expect(err).not.toContain('`org.example.museum.Point` is nowhere');
    expect(existsSync(path.join(folder, 'out/office.contract.yaml'))).toBe(false);
    expect(existsSync(path.join(folder, 'out/opening.contract.yaml'))).toBe(true);
  });

  it('follows links, enters each folder once, and says what cannot be read in it', async () => {
    const tree = path.join(folder, 'tree');
    mkdirSync(path.join(tree, 'a.restspec.json'), { recursive: true });
    cpSync(path.join(MUSEUM, 'idl/org.example.museum.office.restspec.json'), path.join(folder, 'office.restspec.json'));
    symlinkSync('../office.restspec.json', path.join(tree, 'office.restspec.json'));
    symlinkSync('..', path.join(tree, 'a.restspec.json', 'up'));
    const whole = await run('restli', [tree], { out: path.join(folder, 'whole') });
    expect(whole.code).toBe(0);
    expect(existsSync(path.join(folder, 'whole/office.contract.yaml'))).toBe(true);

    symlinkSync('nowhere', path.join(tree, 'b.restspec.json'));
    symlinkSync('c.pdl', path.join(tree, 'c.pdl'));
    const partly = await run('restli', [tree], { out: path.join(folder, 'partly') });
    expect(partly.code).toBe(2);
    expect(partly.err).toMatch(
      /error: .*b\.restspec\.json: ENOENT: no such file or directory; what lies there is left out/,
    );
    expect(partly.err).toMatch(/error: .*c\.pdl: ELOOP/);
    expect(existsSync(path.join(folder, 'partly/office.contract.yaml'))).toBe(true);
  });

  it('passes over dependencies and folders that begin with a dot', async () => {
    for (const name of ['node_modules', '.cache']) {
      mkdirSync(path.join(folder, name));
      cpSync(
        path.join(MUSEUM, 'idl/org.example.museum.office.restspec.json'),
        path.join(folder, name, 'office.restspec.json'),
      );
    }
    expect((await run('restli', [folder])).code).toBe(2);
  });

  it.each([['nowhere'], ['../golden/reports']])('says that %s holds no description', async (input) => {
    expect(await run('restli', [path.join(FIXTURES, input)])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no folder with descriptions'),
    });
  });
});

describe('convert har and curl', () => {
  it.each([
    ['har', 'library.har', ['books.contract.yaml']],
    ['curl', 'library.curl.sh', ['loans.contract.yaml', 'shelves.books.contract.yaml', 'shelves.contract.yaml']],
  ])('%s writes drafts', async (format, file, files) => {
    const { code, err } = await run(format, [path.join(FIXTURES, 'recordings', file)], { out: folder });
    expect(code).toBe(0);
    expect(filesBelow(folder).map((one) => path.basename(one))).toEqual(files);
    expect(err).toContain('secrets were left out: ');
  });

  it('never show a line of a recording', async () => {
    const file = path.join(folder, 'a.har');
    writeFileSync(file, '{"Authorization":"Bearer tok-0123456789abcdef",');
    const { code, err } = await run('har', [file], { out: folder });
    expect(code).toBe(2);
    expect(err).toContain('error convert/har');
    expect(err).not.toContain('tok-');
  });

  it('say which file cannot be read', async () => {
    expect(await run('har', ['gone.har'])).toEqual({ code: 2, out: '', err: 'error: gone.har cannot be read\n' });
  });
});

describe('convert openapi', () => {
  it('prints the document, or writes it', async () => {
    const contracts = path.join(FIXTURES, '../golden/convert/museum');
    const printed = await run('openapi', [contracts], { title: 'Museum', server: ['http://127.0.0.1:1338'] });
    expect(printed.code).toBe(0);
    expect(JSON.parse(printed.out)).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Museum' },
      servers: [{ url: 'http://127.0.0.1:1338' }],
    });
    const file = path.join(folder, 'openapi.json');
    expect(
      (await run('openapi', [contracts], { title: 'Museum', server: ['http://127.0.0.1:1338'], out: file })).code,
    ).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(printed.out);
  });
});

describe('a format that is none', () => {
  it('is met with the one that was meant', async () => {
    expect(await run('openpai', ['x'])).toEqual({
      code: 2,
      out: '',
      err: 'error: there is no format `openpai`; did you mean `openapi`?\n',
    });
    expect((await run('__proto__', ['x'])).code).toBe(2);
  });
});

describe('writing a set of files', () => {
  it('stops at the first that cannot be written, and says which ones hold their text', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    const files = new Map([
      [path.join(folder, 'a.txt'), 'a'],
      [path.join(folder, 'file/b.txt'), 'b'],
      [path.join(folder, 'c.txt'), 'c'],
    ]);
    const outcome = await writeAll(files, { force: false, read: readFile });
    expect(outcome).toMatchObject({
      written: [path.join(folder, 'a.txt')],
      failure: expect.stringContaining('file/b.txt'),
    });
    expect(filesBelow(folder).map((file) => path.basename(file))).toEqual(['a.txt', 'file']);
  });
});
