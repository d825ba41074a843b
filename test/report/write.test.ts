import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileSink, OutputError, type Sink } from '../../src/report/write.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

async function opened(path: string, inPlace = false): Promise<Sink> {
  const sink = await openFileSink(path, { inPlace });
  if (sink instanceof OutputError) throw sink;
  return sink;
}

async function failureAt(path: string): Promise<OutputError> {
  const sink = await openFileSink(path, { inPlace: false });
  if (!(sink instanceof OutputError)) throw new Error(`${path} was opened`);
  return sink;
}

describe('a report written beside its place', () => {
  it('leaves the old one as it was until it is whole', async () => {
    const path = join(folder, 'report.html');
    writeFileSync(path, 'old');
    const sink = await opened(path);
    await sink.write('new, '.repeat(100_000));
    expect(readFileSync(path, 'utf8')).toBe('old');
    await sink.finish();
    expect(readFileSync(path, 'utf8')).toBe('new, '.repeat(100_000));
    expect(readdirSync(folder)).toEqual(['report.html']);
  });

  it('leaves no trace when it is discarded', async () => {
    const path = join(folder, 'deep/er/report.html');
    const sink = await opened(path);
    await sink.write('half');
    await sink.discard();
    expect(readdirSync(join(folder, 'deep/er'))).toEqual([]);
  });

  it('is not mixed with another that is written to the same path meanwhile', async () => {
    const path = join(folder, 'report.html');
    const [one, two] = [await opened(path), await opened(path)];
    await one.write('one');
    await two.write('two');
    await two.finish();
    await one.finish();
    expect(readFileSync(path, 'utf8')).toBe('one');
    expect(readdirSync(folder)).toEqual(['report.html']);
  });
});

describe('a stream written in place', () => {
  it('is in the file as soon as a write is done', async () => {
    const path = join(folder, 'results.ndjson');
    const sink = await opened(path, true);
    await sink.write('{"a":1}\n');
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n');
    await sink.write('{"a":2}\n');
    await sink.finish();
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n{"a":2}\n');
  });
});

describe('a path that cannot be written', () => {
  it.each([
    ['a directory', (): string => folder, 'EISDIR', 'it is a directory'],
    [
      'a path through a file',
      (): string => join(folder, 'file/report.html'),
      'ENOTDIR',
      'a part of its path is a file',
    ],
    ['a name that is too long', (): string => join(folder, 'n'.repeat(300)), 'ENAMETOOLONG', 'its name is too long'],
  ])('is an error value that says so: %s', async (_what, path, code, reason) => {
    writeFileSync(join(folder, 'file'), '');
    const error = await failureAt(path());
    // The system may see the file in the path first.
    expect([code, 'EEXIST']).toContain(error.code);
    expect(error.message).toContain(`Failed to write ${path()}: `);
    expect(error.code === 'EEXIST' || error.message.includes(reason)).toBe(true);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'rejects with a clear error when the disk is full, and keeps the old file',
    async () => {
      const sink = await opened('/dev/full', true);
      await expect(sink.write('text')).rejects.toThrow('Failed to write /dev/full: the disk is full');
      await sink.discard();
    },
  );

  it.skipIf(process.getuid?.() === 0)('says when there is no permission', async () => {
    mkdirSync(join(folder, 'locked'));
    chmodSync(join(folder, 'locked'), 0o500);
    expect((await failureAt(join(folder, 'locked/report.html'))).message).toContain('no permission');
  });
});
