/**
 * Faults that the routing table refuses: another verb, a routing parameter too many or too few, a key where none may be
 * or none where one must be, a name that nobody declared.
 *
 * What is refused is never listed here: the oracle is asked of each change. A change that makes the request that of
 * another declared method is no fault.
 */
import type { Contract, Operation } from '../contract/contract.ts';
import type { Json } from '../protocol/json.ts';
import { writeKey } from '../protocol/keys.ts';
import { writeLegacyIds } from '../protocol/legacy.ts';
import { profileOf, type Level, type MethodName } from '../protocol/methods.ts';
import { NO_ROUTING_PARAMETERS, route, ROUTING_PARAMETERS, type RoutingFacts } from '../protocol/route.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import { mapPath, mapTarget, namedKey, withQuery, type Fault, type Sound } from './negative-fault.ts';
import { missingKeyOf } from './variants.ts';
import { wireKey } from './wire-values.ts';

/** Verbs that are tried in place of the right one; the last is one that Rest.li does not have. */
const VERBS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];
const NO_SUCH_NAME = 'noSuchName';

export function routingFaults(sound: Sound): readonly Fault[] {
  const changes = [...verbChanges(sound), ...parameterChanges(sound), ...levelChanges(sound)];
  const refused = changes.flatMap((change): readonly Fault[] => {
    const why = refusalOf(sound, change.facts);
    return why === null ? [] : [faultOf(sound, change, why)];
  });
  return [...refused, ...unknownName(sound)];
}

/** One thing changed about what routing looks at. */
interface Change {
  readonly what: string;
  readonly does: string;
  readonly facts: Omit<RoutingFacts, 'header'>;
  readonly rewrite: (request: HttpRequest) => HttpRequest;
}

function factsOf({ operation, profile }: Sound): Change['facts'] {
  const { parameter, verb } = profile;
  const parameters = parameter === 'none' ? NO_ROUTING_PARAMETERS : { ...NO_ROUTING_PARAMETERS, [parameter]: true };
  return { verb, level: operation.level, parameters };
}

/** Why the request is refused, as a clause; null where it becomes a method that the contract declares. */
function refusalOf({ contract, operation }: Sound, facts: Change['facts']): string | null {
  const bare = route({ ...facts, header: null });
  if (!('method' in bare)) return 'which no method has';
  return isDeclared(contract, operation, bare.method, facts.level)
    ? null
    : `so that it becomes ${bare.method}, which nobody declared`;
}

function isDeclared(contract: Contract, own: Operation, method: MethodName, level: Level): boolean {
  return contract.operations.some(
    (one) => one.method === method && one.level === level && (method !== own.method || one.name === own.name),
  );
}

function faultOf(sound: Sound, { what, does, facts, rewrite }: Change, why: string): Fault {
  const mayWrite = facts.verb !== 'GET' || facts.parameters.action;
  return {
    what,
    does: `${does}, ${why}`,
    rule: 'negative/refused',
    refusal: 'routing',
    rewrite,
    mayWrite,
    endangers: mayWrite && endangers(sound, facts),
  };
}

/** Whether an endpoint that does what verb and path seem to ask could touch entities that are not the run's own. */
function endangers({ owned, contract }: Sound, { verb, level, parameters }: Change['facts']): boolean {
  if (verb === 'POST' && level === 'collection') return false;
  return !owned || (level === 'collection' && !parameters.ids) || contract.kind === 'simple';
}

function verbChanges(sound: Sound): readonly Change[] {
  const facts = factsOf(sound);
  return VERBS.filter((verb) => verb !== facts.verb).map((verb) => ({
    what: `verb-${verb.toLowerCase()}`,
    does: `is sent by ${verb}`,
    facts: { ...facts, verb },
    rewrite: (request) => ({ ...request, verb }),
  }));
}

function parameterChanges(sound: Sound): readonly Change[] {
  const facts = factsOf(sound);
  const { parameter: own } = sound.profile;
  const added = ROUTING_PARAMETERS.flatMap((name): readonly Change[] => {
    const text = name === own ? null : name === 'ids' ? idsText(sound) : `${name}=${NO_SUCH_NAME}`;
    if (text === null) return [];
    const beside = own !== 'none' ? own : facts.level === 'entity' ? 'key' : null;
    return [
      {
        what: beside === null ? `with-${name}` : `${beside}-beside-${name}`,
        does: `has \`${name}\`${beside === null ? '' : ` beside ${beside === 'key' ? 'the key in its path' : `\`${beside}\``}`}`,
        facts: { ...facts, parameters: { ...facts.parameters, [name]: true } },
        rewrite: (request) => withQuery(request, text),
      },
    ];
  });
  if (own === 'none') return added;
  const dropped: Change = {
    what: `without-${own}`,
    does: `lacks \`${own}\``,
    facts: { ...facts, parameters: NO_ROUTING_PARAMETERS },
    rewrite: (request) => withQuery(request, '', [own]),
  };
  return [...added, dropped];
}

/** `ids` of one key that no entity should have; null where the resource has no keys or none can be made. */
function idsText(sound: Sound): string | null {
  const { contract, protocol } = sound;
  const key = strangeKey(sound);
  if (contract.key === null || key === null) return null;
  const { shape } = contract.key;
  const wire = wireKey(key, contract.key);
  if (protocol === '2.0.0') return `ids=List(${writeKey(wire, shape, 'ids', '2.0.0')})`;
  return writeLegacyIds([wire], shape)
    .map(([, text]) => text)
    .join('&');
}

function strangeKey({ contract, spec, seed }: Sound): Json | null {
  const near = namedKey(spec) ?? contract.examples[0]?.key ?? undefined;
  return missingKeyOf(contract, near, seed);
}

/** The path ends one step earlier, or one later. */
function levelChanges(sound: Sound): readonly Change[] {
  const { contract, operation, spec, protocol } = sound;
  if (contract.key === null || operation.assocKeys.length > 0) return [];
  const facts = factsOf(sound);
  if (operation.level === 'entity') {
    return [
      {
        what: 'without-key',
        does: 'has no key in its path',
        facts: { ...facts, level: 'collection' },
        rewrite: (request) => mapPath(request, (path) => path.slice(0, path.lastIndexOf('/'))),
      },
    ];
  }
  const key = strangeKey(sound);
  if (key === null || spec.key !== undefined) return [];
  const segment = writeKey(wireKey(key, contract.key), contract.key.shape, 'path', protocol);
  return [
    {
      what: 'with-key',
      does: 'has a key in its path',
      facts: { ...facts, level: 'entity' },
      rewrite: (request) => mapPath(request, (path) => `${path}/${segment}`),
    },
  ];
}

function unknownName({ profile, operation }: Sound): readonly Fault[] {
  if (!profile.named) return [];
  return [
    {
      what: 'unknown-name',
      does: `names ${profile.parameter === 'action' ? 'an action' : 'a finder'} that nobody declared`,
      rule: 'negative/refused',
      refusal: 'routing',
      mayWrite: profileOf(operation.method).effect === 'acts',
      rewrite: (request) =>
        mapTarget(request, (target) =>
          target.replace(new RegExp(`([?&]${profile.parameter}=)[^&]*`), `$1${NO_SUCH_NAME}`),
        ),
    },
  ];
}
