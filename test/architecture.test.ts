import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { METHOD_NAMES, METHODS } from '../src/protocol/methods.ts';

/**
 * Who may import whom. To change the architecture, change this table in the same commit and say why.
 * `type`: only `import type`. A file instead of a folder: that file alone.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  transport: [],
  diagnostic: [],
  rules: ['protocol', 'transport:type'],
  // Schemas see exact numbers and the untyped text of URLs, which the protocol owns.
  schema: ['diagnostic', 'protocol'],
  contract: ['protocol', 'schema', 'diagnostic'],
  // What an entity's schema declares tells a leftover from what the server adds.
  laws: ['protocol', 'schema', 'transport', 'contract:type'],
  // Which declared error a request meets, the judge's matchers say; a plan keeps its requests clear of those.
  plan: ['contract', 'laws', 'protocol', 'transport', 'schema', 'verify'],
  // The judge knows neither cases nor laws: foreign traffic has none.
  verify: ['contract', 'rules', 'schema', 'protocol', 'transport', 'diagnostic'],
  mock: ['contract', 'protocol', 'schema', 'transport', 'verify'],
  // Coverage reads the types that contracts declare.
  run: ['verify', 'plan', 'mock', 'laws', 'rules', 'contract', 'protocol', 'transport', 'diagnostic', 'schema'],
  traffic: ['verify', 'contract', 'protocol', 'transport', 'run'],
  report: ['run/events.ts', 'rules', 'protocol', 'diagnostic'],
  // The page of laws names the fault that trips each.
  docs: ['contract', 'protocol', 'rules', 'report', 'laws', 'mock'],
  // Which parameters are lists or records, their schemas say.
  convert: ['contract', 'protocol', 'schema', 'transport', 'diagnostic'],
  vitest: ['run', 'verify', 'contract', 'plan', 'transport', 'mock', 'report'],
};

/** A library is known to these folders only: replacing it means reading one folder. */
const PACKAGE_HOMES: Readonly<Record<string, readonly string[]>> = {
  yaml: ['contract'],
  jiti: ['contract'],
  ajv: ['schema'],
  'ajv-formats': ['schema'],
  'json-schema-faker': ['schema'],
  re2js: ['schema'],
  undici: ['transport'],
  oauth4webapi: ['transport'],
  handlebars: ['report'],
  nock: ['mock'],
  vitest: ['vitest'],
  commander: ['cli'],
  picocolors: ['cli'],
  tinyglobby: ['cli'],
};

/** Files, network and process stand at the edge; everything else is pure. */
const EDGES: Readonly<Record<string, readonly string[]>> = {
  'node:fs': ['contract/load.ts', 'transport/replay.ts', 'report/write.ts', 'report/precompile.ts', 'cli/'],
  'node:fs/promises': [
    'contract/load.ts',
    'transport/replay.ts',
    'report/write.ts',
    'report/make-folder.ts',
    'report/precompile.ts',
    'cli/',
  ],
  'node:http': ['transport/http.ts', 'mock/server.ts', 'traffic/proxy.ts'],
  // The proxy passes bytes on as they come, which no transport does: a transport reads the whole answer.
  'node:https': ['transport/http.ts', 'traffic/proxy.ts'],
  'node:net': ['transport/connect.ts', 'transport/wire.ts'],
  'node:tls': ['transport/connect.ts'],
  'node:child_process': ['cli/'],
  undici: ['transport/wire.ts', 'transport/undici-parts.d.ts'],
  'undici/lib/dispatcher/client.js': ['transport/wire.ts'],
  'undici/lib/dispatcher/pool.js': ['transport/wire.ts'],
  'undici/lib/api/api-connect.js': ['transport/wire.ts'],
};

/** Where a method may be called by its name: the tables. Names that are also verbs (GET, DELETE) are not looked for. */
const NAMES_METHODS = /^(protocol|laws|rules)\/|^mock\/faults(\.ts|-)|^plan\/(negative|headers)|generated/;

const SRC = path.resolve(import.meta.dirname, '../src');
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll(path.sep, '/'))
  .toSorted();

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): readonly Import[] {
  const source = ts.createSourceFile(file, readFileSync(path.join(SRC, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
      const typeOnly = ts.isImportDeclaration(node)
        ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
        : node.isTypeOnly;
      found.push({ specifier: (node.moduleSpecifier as ts.StringLiteral).text, typeOnly });
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument !== undefined && ts.isStringLiteral(argument)) {
        found.push({ specifier: argument.text, typeOnly: false });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const imports = files.map((file) => ({ file, imports: importsOf(file) }));

const folderOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');

/** Package of a bare specifier: `@scope/name/x` -> `@scope/name`. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

describe('the architecture', () => {
  it('lets folders import only what the table allows', () => {
    const crossed: string[] = [];
    for (const { file, imports: found } of imports) {
      const from = folderOf(file);
      if (from === '' || from === 'cli') continue;
      for (const { specifier, typeOnly } of found) {
        if (!specifier.startsWith('.')) continue;
        const target = path.relative(SRC, path.resolve(SRC, path.dirname(file), specifier)).replaceAll(path.sep, '/');
        const to = folderOf(target);
        const allowed = MAY_IMPORT[from] ?? [];
        if (
          to === from ||
          allowed.includes(to) ||
          allowed.includes(target) ||
          (typeOnly && allowed.includes(`${to}:type`))
        )
          continue;
        crossed.push(`${file} imports ${to}/ (${specifier})`);
      }
    }
    expect(crossed).toEqual([]);
  });

  it('has a row for every folder', () => {
    const folders = new Set(files.map(folderOf).filter((folder) => folder !== '' && folder !== 'cli'));
    expect([...folders].filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
  });

  it('keeps each package in its folder', () => {
    const strays: string[] = [];
    for (const { file, imports: found } of imports) {
      for (const { specifier } of found) {
        const homes = PACKAGE_HOMES[packageOf(specifier)];
        if (homes !== undefined && !homes.includes(folderOf(file))) strays.push(`${file} imports ${specifier}`);
      }
    }
    expect(strays).toEqual([]);
  });

  it('knows the home of every package it uses', () => {
    const unknown: string[] = [];
    for (const { file, imports: found } of imports) {
      for (const { specifier } of found) {
        if (specifier.startsWith('.') || specifier.startsWith('node:')) continue;
        if (!(packageOf(specifier) in PACKAGE_HOMES)) unknown.push(`${file} imports ${specifier}`);
      }
    }
    expect(unknown).toEqual([]);
  });

  it('keeps files, network and process at the edge', () => {
    const inside: string[] = [];
    for (const { file, imports: found } of imports) {
      for (const { specifier, typeOnly } of found) {
        const edges = EDGES[specifier];
        if (edges === undefined || typeOnly) continue;
        if (!edges.some((edge) => file === edge || (edge.endsWith('/') && file.startsWith(edge)))) {
          inside.push(`${file} imports ${specifier}`);
        }
      }
      const usesProcess = /(?<![\w.'"`/-])process\.(?:env|argv|exit|exitCode|cwd|on|stdout|stderr|stdin|hrtime)\b/;
      if (!file.startsWith('cli/') && file !== 'report/precompile.ts') {
        const text = readFileSync(path.join(SRC, file), 'utf8');
        if (usesProcess.test(text)) inside.push(`${file} uses process`);
      }
    }
    expect(inside).toEqual([]);
  });

  it('names methods in tables only', () => {
    const verbs = new Set<string>(METHOD_NAMES.map((name) => METHODS[name].verb));
    const names = METHOD_NAMES.filter((name) => !verbs.has(name)).join('|');
    const literal = new RegExp(`['"\`](?:${names})['"\`]`);
    const named: string[] = [];
    for (const file of files) {
      if (NAMES_METHODS.test(file)) continue;
      const lines = readFileSync(path.join(SRC, file), 'utf8').split('\n');
      lines.forEach((line, index) => {
        if (literal.test(line) && !/^\s*(\/?\*|\/\/)/.test(line)) named.push(`${file}:${index + 1} ${line.trim()}`);
      });
    }
    expect(named).toEqual([]);
  });
});
