/**
 * The tables of `docs/contract-format.md`: members of the two files that users write, made from the shapes that check
 * them, and what a case writes for each method, made from its row. The prose around them is written by hand.
 */
import { caseMembers } from '../contract/case-members.ts';
import { caseShape, stepShape } from '../contract/format-cases.ts';
import { configShape } from '../contract/format-config.ts';
import { contractShape } from '../contract/format.ts';
import type { Member, ObjectNode, Shape } from '../contract/shape.ts';
import { DIALECTS, methodHeaderLevel, type Dialect } from '../protocol/dialects.ts';
import { isJsonArray, type Json } from '../protocol/json.ts';
import { METHOD_NAMES, profileOf, type MethodName } from '../protocol/methods.ts';

/** Name between the markers of the page -> what the object of the table is called where it is checked. */
const OBJECTS: ReadonlyMap<string, string> = new Map([
  ['contract', 'a contract'],
  ['mock', 'mock'],
  ['request', 'a request'],
  ['response', 'a response'],
  ['error', 'an error'],
  ['paging', 'paging'],
  ['case', 'a case'],
  ['item', 'an item of `entities`'],
  ['raw', 'raw'],
  ['retry', 'a retry'],
  ['expectation', 'an expectation'],
  ['outcome', 'an outcome'],
  ['flow', 'a flow'],
  ['condition', 'a condition'],
  ['list-mock', 'a list mock'],
  ['filter', 'a filter'],
  ['action-mock', 'an action mock'],
  ['config', 'the config'],
  ['target', 'a target'],
  ['auth', 'auth'],
  ['basic', 'basic'],
  ['oauth2', 'oauth2'],
  ['tls', 'tls'],
  ['dialect', 'a dialect'],
  ['limits', 'limits'],
  ['cursor', 'cursor'],
  ['waiver', 'a waiver'],
]);

/** @returns every generated table as Markdown, by the name of its markers */
export function formatTables(): ReadonlyMap<string, string> {
  const objects = objectsIn([contractShape, configShape]);
  const tables = new Map<string, string>();
  for (const [name, called] of OBJECTS) {
    const node = objects.get(called);
    if (node === undefined) throw new Error(`Failed to make the table ${name}: no shape is called ${called}`);
    tables.set(name, memberTable([...node.members]));
  }
  tables.set('step', memberTable(stepMembers()));
  tables.set('methods', methodTable(objects));
  tables.set('requests', requestTable());
  tables.set('dialects', dialectTable());
  return tables;
}

/**
 * The page with every table as it is made now; what stands between `<!-- generated:NAME -->` and
 * `<!-- /generated:NAME -->` is replaced.
 *
 * @throws Error for a marker without a table and for a table without its place in the page
 */
export function fillTables(page: string): string {
  const tables = formatTables();
  const placed = new Set<string>();
  const filled = page.replace(
    /(<!-- generated:([a-z0-9-]+) -->\n)[^]*?(<!-- \/generated:\2 -->)/g,
    (_whole, begin: string, name: string, end: string) => {
      const made = tables.get(name);
      if (made === undefined) throw new Error(`Failed to fill the page: there is no table ${name}`);
      placed.add(name);
      return `${begin}\n${made}\n\n${end}`;
    },
  );
  const lacking = [...tables.keys()].filter((name) => !placed.has(name));
  if (lacking.length > 0) throw new Error(`Failed to fill the page: it has no place for ${lacking.join(', ')}`);
  return filled;
}

/** All objects that can be met from these shapes, by what they are called. */
function objectsIn(shapes: readonly Shape[]): ReadonlyMap<string, ObjectNode> {
  const objects = new Map<string, ObjectNode>();
  const seen = new Set<string>();
  const visit = (shape: Shape): void => {
    switch (shape.kind) {
      case 'named':
        if (!seen.has(shape.name)) {
          seen.add(shape.name);
          visit(shape.shape());
        }
        return;
      case 'list':
        return visit(shape.item);
      case 'map':
        return visit(shape.value);
      case 'choice':
        return shape.by.forEach(visit);
      case 'object':
        objects.set(shape.called, shape);
        return shape.members.forEach((member) => visit(member.shape));
      default:
        return;
    }
  };
  shapes.forEach(visit);
  return objects;
}

function memberTable(members: readonly (readonly [string, Member])[]): string {
  return table(
    ['member', 'value', 'default', 'meaning'],
    members.map(([name, member]) => [`\`${name}\``, valueText(member.shape), defaultText(member), docText(member)]),
  );
}

/** What a step has that a case has not. */
function stepMembers(): readonly (readonly [string, Member])[] {
  const ofCase = asObject(caseShape).members;
  return [...asObject(stepShape).members].filter(([name, { required }]) => ofCase.get(name)?.required !== required);
}

function asObject(shape: Shape): ObjectNode {
  const node = shape.kind === 'named' ? shape.shape() : shape;
  if (node.kind !== 'object') throw new Error(`Failed to make a table of ${node.kind}`);
  return node;
}

/** The members of all methods, each with the methods that take it; a member of two meanings has two rows. */
function methodTable(objects: ReadonlyMap<string, ObjectNode>): string {
  const rows = new Map<string, { readonly cells: readonly string[]; readonly on: MethodName[] }>();
  for (const method of METHOD_NAMES) {
    for (const [name, member] of objects.get(method)?.members ?? []) {
      const cells = [`\`${name}\``, valueText(member.shape), defaultText(member), docText(member)];
      const row = rows.get(cells.join('\n')) ?? { cells, on: [] };
      row.on.push(method);
      rows.set(cells.join('\n'), row);
    }
  }
  return table(
    ['member', 'on', 'value', 'default', 'meaning'],
    [...rows.values()].map(({ cells: [name = '', ...rest], on }) => [name, methodsText(on), ...rest]),
  );
}

function methodsText(methods: readonly MethodName[]): string {
  if (methods.length === METHOD_NAMES.length) return 'all';
  const batches = METHOD_NAMES.filter((method) => profileOf(method).batchOf !== null);
  return methods.join() === batches.join() ? 'all BATCH methods' : methods.join(', ');
}

/** What a case must and may write; where resources have keys, a request about one entity needs its key. */
function requestTable(): string {
  return table(
    ['method', 'request', 'a case writes', 'and may write', 'success'],
    METHOD_NAMES.map((method) => {
      const { verb, at, parameter, ok } = profileOf(method);
      const { needed, allowed } = caseMembers(method);
      const writes = at === 'entity' ? ['key', ...needed] : needed;
      const paths = at === 'either' ? ['/r', '/r/{key}'] : at === 'entity' ? ['/r/{key}'] : ['/r'];
      const query = parameter === 'none' ? '' : `?${parameter}=`;
      return [
        method,
        paths.map((path) => `\`${verb} ${path}${query}\``).join(' or '),
        codes(writes),
        codes(allowed.filter((name) => !writes.includes(name))),
        ok.join(', '),
      ];
    }),
  );
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function dialectTable(): string {
  const dialects = Object.values(DIALECTS);
  return table(
    ['member', ...dialects.map(({ name }) => `\`${name}\``)],
    DIALECT_ROWS.map(([name, textOf]) => [`\`${name}\``, ...dialects.map((dialect) => textOf(dialect) || 'none')]),
  );
}

const DIALECT_ROWS: readonly (readonly [string, (dialect: Dialect) => string])[] = [
  ['methodHeader', (dialect) => METHOD_NAMES.filter((name) => methodHeaderLevel(dialect, name) === 'must').join(', ')],
  ['protocol', ({ protocol }) => protocol.join(', ')],
  [
    'headers',
    ({ headers }) =>
      headers.map(({ name, under }) => `${name}${under === null ? '' : ` under \`${under}\``}`).join(', '),
  ],
  ['bases', ({ bases }) => codes(bases)],
  ['unknownParams', ({ unknownParams }) => `\`${unknownParams}\``],
  ['batchKeys', ({ batchKeys }) => `\`${batchKeys}\``],
  ['error', ({ error }) => (error === null ? 'any body' : `a body with ${codes(textsIn(error['required']))}`)],
  ['errors', ({ errors }) => Object.keys(errors).join(', ')],
  [
    'limits',
    ({ limits }) =>
      Object.entries(limits)
        .map(([name, bytes]) => `${name} ${bytes}`)
        .join(', '),
  ],
  ['tunnelAbove', ({ tunnelAbove }) => (tunnelAbove === null ? 'never' : String(tunnelAbove))],
  ['cursor', ({ cursor }) => codes([cursor.size, cursor.token, cursor.next])],
];

function textsIn(value: Json | undefined): readonly string[] {
  return isJsonArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function valueText(shape: Shape): string {
  switch (shape.kind) {
    case 'named':
      return valueText(shape.shape());
    case 'word':
      return shape.words.length > 6 ? shape.called : shape.words.map((word) => `\`${word}\``).join(', ');
    case 'constant':
      return `\`${String(shape.value)}\``;
    case 'list':
      return `list of: ${valueText(shape.item)}`;
    case 'map':
      return `${shape.called} → ${valueText(shape.value)}`;
    case 'type':
      return `a type${shape.orBoolean ? ', true or false' : ''}${shape.orKey === null ? '' : ', or `{ $key: … }`'}`;
    case 'text':
    case 'integer':
    case 'choice':
    case 'object':
      return shape.called.replaceAll('->', '→');
    default:
      return PLAIN[shape.kind];
  }
}

const PLAIN = {
  any: 'any value',
  boolean: 'true or false',
  number: 'a number',
  null: 'nothing',
  expected: 'a value, with matchers',
  patch: 'a patch',
  'object-value': 'an object',
} as const;

function defaultText({ required, default: fallback }: Member): string {
  if (required) return '**required**';
  return fallback === undefined ? '' : `\`${jsonText(fallback)}\``;
}

/** The docs are written for editors, in ASCII. */
function docText({ doc }: Member): string {
  return doc.replaceAll('->', '→');
}

function jsonText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Aligned as the formatter of the project aligns tables, so that making the page again changes nothing. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const [first, ...others] = cells.map(
    (row) => `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`,
  );
  return [first, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...others].join('\n');
}
