/**
 * LinkedIn's Rest.li integration test server: fetched, completed and started.
 *
 * Its published jars hold framework, resources and interface descriptions, but not the record classes; those are
 * generated here from schemas of our own, by the generator of the same release. Nothing of it is kept in this
 * repository: Maven has its cache, what is compiled lies under `node_modules/.cache`.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execute, isInstalled, start, stop } from './processes.ts';

const HERE = import.meta.dirname;
const POM = path.join(HERE, 'pom.xml');
const JAVA = path.join(HERE, 'java');
export const SCHEMAS = path.join(HERE, 'schemas');

/** `dependency:build-classpath`, pinned: the class path is all that Maven is asked for. */
const BUILD_CLASSPATH = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath';

/** Downloads some 80 jars the first time. */
const MAVEN_TIMEOUT_MS = 300_000;
const TOOL_TIMEOUT_MS = 120_000;
const START_TIMEOUT_MS = 60_000;

export interface ServerBuild {
  readonly version: string;
  readonly classPath: string;
  /** Folder of the server's own `.restspec.json` files. */
  readonly descriptions: string;
}

export interface RunningServer {
  readonly baseUrl: string;
  stop(): Promise<void>;
}

/** Why the run cannot take place here; not a fault of ours. */
export class NotHere extends Error {}

/** @throws NotHere when Java or Maven is missing, or the artifacts cannot be fetched */
export async function buildServer(cache: string): Promise<ServerBuild> {
  const missing = [
    ...(isInstalled('java', '-version') ? [] : ['java']),
    ...(isInstalled('javac', '-version') ? [] : ['javac']),
    ...(isInstalled('mvn', '-v') ? [] : ['mvn']),
  ];
  if (missing.length > 0) throw new NotHere(`${missing.join(' and ')} cannot be found; a JDK 17 and Maven are needed`);

  const version = /<pegasus\.version>([^<]+)</.exec(readFileSync(POM, 'utf8'))?.[1] ?? '';
  const built = path.join(cache, `server-${fingerprint()}`);
  const classPathFile = path.join(built, 'classpath.txt');
  if (!isComplete(classPathFile)) await build(cache, built);

  return {
    version,
    classPath: [path.join(built, 'classes'), readFileSync(classPathFile, 'utf8')].join(path.delimiter),
    descriptions: path.join(built, 'descriptions'),
  };
}

/** Starts it with fresh data on a free port of the loopback interface. */
export async function startServer({ classPath }: ServerBuild): Promise<RunningServer> {
  const child = start('java', ['-Xmx512m', '-cp', classPath, 'InteropServer']);
  let output = '';
  const port = await new Promise<number>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the server did not start:\n${output}`)), START_TIMEOUT_MS);
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /^listening (\d+)$/m.exec(output);
      if (found === null) return;
      clearTimeout(late);
      resolve(Number(found[1]));
    });
    child.once('close', (code) => reject(new Error(`the server ended with ${String(code)}:\n${output}`)));
  });
  return { baseUrl: `http://127.0.0.1:${port}`, stop: () => stop(child) };
}

async function build(cache: string, built: string): Promise<void> {
  const scratch = path.join(cache, 'building');
  rmSync(scratch, { recursive: true, force: true });
  for (const folder of ['sources', 'classes', 'descriptions'])
    mkdirSync(path.join(scratch, folder), { recursive: true });

  const classPath = await fetchJars(path.join(scratch, 'classpath.txt'));
  await generateRecords(classPath, path.join(scratch, 'sources'));
  await mustWork('javac', [
    '-nowarn',
    '-proc:none',
    '-Xlint:none',
    '-d',
    path.join(scratch, 'classes'),
    '-cp',
    classPath,
    ...filesUnder(path.join(scratch, 'sources'), '.java'),
    ...filesUnder(JAVA, '.java'),
  ]);
  await unpackDescriptions(classPath, path.join(scratch, 'descriptions'));

  rmSync(built, { recursive: true, force: true });
  renameSync(scratch, built);
}

async function fetchJars(classPathFile: string): Promise<string> {
  const maven = await execute(
    'mvn',
    ['--batch-mode', '--quiet', '-f', POM, BUILD_CLASSPATH, `-Dmdep.outputFile=${classPathFile}`],
    { timeoutMs: MAVEN_TIMEOUT_MS },
  );
  if (maven.code !== 0) {
    const why = maven.stdout.split('\n').find((line) => line.includes('[ERROR]')) ?? maven.stderr;
    throw new NotHere(`Maven could not fetch the server: ${why.trim()}`);
  }
  return readFileSync(classPathFile, 'utf8');
}

async function generateRecords(classPath: string, sources: string): Promise<void> {
  const generator = 'com.linkedin.pegasus.generator.PegasusDataTemplateGenerator';
  await mustWork('java', [`-Dgenerator.resolver.path=${SCHEMAS}`, '-cp', classPath, generator, sources, SCHEMAS]);
}

async function unpackDescriptions(classPath: string, descriptions: string): Promise<void> {
  const jar = classPath.split(path.delimiter).find((entry) => /restli-int-test-server-[^/\\]*\.jar$/.test(entry));
  if (jar === undefined) throw new Error('the class path has no restli-int-test-server');
  const all = path.join(descriptions, '..', 'unpacked');
  mkdirSync(all);
  await mustWork('jar', ['--extract', '--file', jar], all);
  for (const file of readdirSync(all))
    if (file.endsWith('.restspec.json')) cpSync(path.join(all, file), path.join(descriptions, file));
  rmSync(all, { recursive: true });
}

async function mustWork(command: string, args: readonly string[], cwd?: string): Promise<void> {
  const { code, stdout, stderr } = await execute(command, args, {
    timeoutMs: TOOL_TIMEOUT_MS,
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (code !== 0) throw new Error(`${command} failed with ${String(code)}:\n${stderr}${stdout}`);
}

/** Whether an earlier build stands and Maven's cache still has its jars. */
function isComplete(classPathFile: string): boolean {
  return existsSync(classPathFile) && readFileSync(classPathFile, 'utf8').split(path.delimiter).every(existsSync);
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of [POM, ...filesUnder(SCHEMAS, '.pdl'), ...filesUnder(JAVA, '.java')])
    hash.update(path.relative(HERE, file)).update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

function filesUnder(folder: string, ending: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .toSorted()
    .map((file) => path.join(folder, file));
}

/** Writes a file, and the folders above it. */
export function writeText(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
