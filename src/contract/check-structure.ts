/** The resource itself: what its kind allows, its key, its path and parents, the names that methods refer to. */
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { quoteList } from '../diagnostic/quote.ts';
import { isJsonObject } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { RESOURCE_KINDS } from '../protocol/resources.ts';
import { locate } from '../schema/refs.ts';
import { memberSchema, partsOf, typesOf } from '../schema/shape.ts';
import type { Checking } from './checking.ts';
import { checkProtocol } from './check-protocol.ts';
import type { KeyType, Operation } from './contract.ts';
import { nearest } from './suggest.ts';
import { variablesOfPath } from './normalise.ts';

export function checkStructure(checking: Checking): void {
  checkKind(checking);
  checkKey(checking);
  checkPath(checking);
  checkEntityPaths(checking);
  if (!checking.around.dialects.has(checking.contract.dialect)) {
    const names = [...checking.around.dialects.keys()];
    checking.error('unknown-dialect', '/dialect', `there is no dialect \`${checking.contract.dialect}\``, {
      fix:
        nearest(checking.contract.dialect, names) ??
        `write one of ${names.join(', ')}, or declare it in the config under \`dialects\``,
      see: 'config',
    });
  }
  for (const operation of checking.contract.operations) checkOperation(checking, operation);
}

function checkKind(checking: Checking): void {
  const { contract, written } = checking;
  // An unknown word was told; what another kind would need is no fault of its author's.
  if (checking.isTold('/kind')) return;
  const kind = RESOURCE_KINDS[contract.kind];
  const at = written.kind === undefined ? '/methods' : '/kind';

  for (const { method, pointer } of contract.operations) {
    if (kind.methods.includes(method)) continue;
    const place = pointer.split('/').slice(0, 3).join('/');
    const why =
      contract.kind === 'association'
        ? 'only a collection makes many at once; an association may declare CREATE'
        : `a resource of kind ${contract.kind} has ${kind.methods.join(', ')}`;
    if (!checking.problems.some((known) => known.code === 'contract/method-on-kind' && known.pointer === place)) {
      checking.error('method-on-kind', place, `${article(contract.kind)} has no ${method}: ${why}`, {
        part: 'name',
        fix: `drop it, or correct \`kind\``,
        see: 'top-level',
      });
    }
  }
  if (contract.operations.length === 0 && !checking.isTold('/methods')) {
    checking.error('nothing-declared', '/methods', 'the contract declares no method', {
      part: 'name',
      fix: 'write one: `GET:` alone is a whole promise',
      see: 'methods',
    });
  }
  if (kind.hasKey && written.key === undefined && !checking.isTold('/key') && !checking.isMeant('', 'key')) {
    checking.error('key-missing', at, `${article(contract.kind)} needs \`key\``, {
      part: 'name',
      fix: 'add `key: { id: long }`, or `kind: simple` when there is one entity only',
      see: 'top-level',
    });
  }
  if (!kind.hasKey && written.key !== undefined) {
    checking.error('key-on-kind', '/key', `${article(contract.kind)} has no key`, {
      part: 'name',
      fix: 'drop `key`, or correct `kind`',
      see: 'top-level',
    });
  }
  if (contract.kind === 'actionsSet') {
    for (const name of ['entity', 'examples', 'readOnly', 'createOnly'] as const) {
      if (written[name] !== undefined)
        checking.error('member-on-kind', `/${name}`, `an actionsSet holds no entities, so it has no \`${name}\``, {
          part: 'name',
          fix: 'drop it',
          see: 'top-level',
        });
    }
  } else if (written.entity === undefined && !checking.isTold('/entity') && !checking.isMeant('', 'entity')) {
    checking.error('entity-missing', at, `${article(contract.kind)} needs \`entity\`: the type of what it holds`, {
      part: 'name',
      fix: 'add `entity: { $ref: ./schemas/name.schema.json }`, or the name of a type',
      see: 'top-level',
    });
  }
}

function article(kind: string): string {
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind === 'simple' ? 'simple resource' : kind}`;
}

function checkKey(checking: Checking): void {
  const { contract } = checking;
  if (contract.key === null) return;
  if (contract.kind === 'association') {
    if (contract.key.parts.size < 2) {
      checking.error('association-parts', '/key', 'the key of an association has at least two parts', {
        part: 'name',
        fix: 'add a part, or write `kind: collection`',
        see: 'top-level',
      });
    }
    if (contract.key.params !== null) {
      checking.error('association-params', '/key/$params', 'the key of an association has no `$params`', {
        part: 'name',
        fix: 'drop them, or write `kind: collection`',
        see: 'top-level',
      });
    }
    checkScalarParts(checking, contract.key);
  }
}

/** Parts of a compound key are scalars: the wire has no form for more. */
function checkScalarParts(checking: Checking, key: KeyType): void {
  for (const [name, schema] of key.parts) {
    const types = typesOf(partsOf(locate(schema), schema.scope)) ?? [];
    if (!types.some((type) => type === 'object' || type === 'array')) continue;
    checking.error('compound-part', `/key/${name}`, `\`${name}\` is part of a compound key, which holds scalars`, {
      fix: 'write a primitive or a URN',
      see: 'top-level',
    });
  }
}

function checkPath(checking: Checking): void {
  const { contract, written } = checking;
  const variables = variablesOfPath(contract.path);
  const declared = Object.keys(written.parents ?? {});
  for (const name of declared) {
    if (variables.includes(name)) continue;
    checking.error('parent-not-in-path', `/parents/${name}`, `\`path\` has no variable {${name}}`, {
      part: 'name',
      fix:
        nearest(name, variables) ??
        `write the path with it: \`path: /parents/{${name}}/${contract.resource.split('.').at(-1)}\``,
      see: 'top-level',
    });
  }
  for (const name of variables) {
    if (declared.includes(name)) continue;
    checking.error('parent-undeclared', '/path', `\`parents\` says no type for {${name}}`, {
      fix: nearest(name, declared) ?? `add \`parents: { ${name}: long }\``,
      see: 'top-level',
    });
  }
  if (new Set(variables).size < variables.length) {
    checking.error('parent-twice', '/path', 'a variable stands twice in the path', {
      fix: 'give each parent its own name',
      see: 'top-level',
    });
  }
}

/** Paths of `readOnly`, `createOnly` lead into the entity, as far as its schema is closed about its members. */
function checkEntityPaths(checking: Checking): void {
  const { written } = checking;
  for (const list of ['readOnly', 'createOnly'] as const) {
    (written[list] ?? []).forEach((path, index) => {
      const unknown = path === null ? null : unknownMember(checking, path.split('/'));
      if (unknown === null) return;
      checking.warning('unknown-path', `/${list}/${index}`, `the entity has no member \`${unknown.name}\``, {
        fix: nearest(unknown.name, unknown.known) ?? `its members are ${quoteList(unknown.known)}`,
        see: 'top-level',
      });
    });
  }
}

/** The first segment that no schema knows, with the names that it knows; null when all is well or the schema is silent. */
export function unknownMember(
  { contract }: Checking,
  path: readonly string[],
): { readonly name: string; readonly known: readonly string[] } | null {
  if (contract.entity === null) return null;
  let here = locate(contract.entity);
  for (const name of path) {
    const parts = partsOf(here, contract.entity.scope);
    const next = memberSchema(parts, name);
    if (next !== null) {
      here = next;
      continue;
    }
    const known = parts.flatMap(({ json }) =>
      isJsonObject(json['properties']) ? Object.keys(json['properties']) : [],
    );
    return known.length === 0 ? null : { name, known };
  }
  return null;
}

function checkOperation(checking: Checking, operation: Operation): void {
  const { contract } = checking;
  const { hasKey } = RESOURCE_KINDS[contract.kind];
  const written = checking.writtenAt(operation.pointer);

  if (!hasKey && written['level'] !== undefined) {
    checking.error(
      'level-on-kind',
      `${operation.pointer}/level`,
      `${article(contract.kind)} has no key, so its actions have one level`,
      { part: 'name', fix: 'drop `level`', see: 'methods' },
    );
  }
  operation.assocKeys.forEach((part, index) => {
    const at = `${operation.pointer}/assocKeys/${index}`;
    const parts = [...(contract.key?.parts.keys() ?? [])];
    if (contract.kind !== 'association') {
      if (index === 0)
        checking.error(
          'assoc-keys',
          `${operation.pointer}/assocKeys`,
          'only an association has key parts in the path of a list',
          { part: 'name', fix: 'write them as `params`', see: 'methods' },
        );
    } else if (!parts.includes(part)) {
      checking.error('assoc-keys', at, `the key has no part \`${part}\``, {
        fix: nearest(part, parts) ?? `its parts are ${parts.join(', ')}`,
        see: 'methods',
      });
    }
  });
  if (
    contract.kind === 'association' &&
    operation.assocKeys.length > 0 &&
    operation.assocKeys.length === contract.key?.parts.size
  ) {
    checking.error(
      'assoc-keys',
      `${operation.pointer}/assocKeys`,
      'all parts of the key together name one entity, not a list',
      { part: 'name', fix: 'leave a part out', see: 'methods' },
    );
  }
  if (operation.finder !== null) checkLink(checking, operation, operation.finder);
  checkProtocol(checking, operation);
}

function checkLink(checking: Checking, operation: Operation, finder: string): void {
  const single = profileOf(operation.method).batchOf;
  const names = checking.contract.operations.filter(({ method }) => method === single).map(({ name }) => name ?? '');
  if (names.includes(finder)) return;
  checking.error('unknown-finder', `${operation.pointer}/finder`, `there is no finder \`${finder}\``, {
    fix:
      didYouMean(finder, names) === null ? listOf('finders', names) : `did you mean \`${didYouMean(finder, names)}\`?`,
    see: 'methods',
  });
}

export function listOf(what: string, names: readonly string[]): string {
  return names.length === 0 ? `the contract declares no ${what}` : `${what} of this contract: ${names.join(', ')}`;
}
