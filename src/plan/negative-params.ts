/**
 * Faults in parameters of the query, in the criteria of a batch finder, and in the parameters of an action.
 *
 * A query is text: what of a faulty value still shows there depends on the version it is written in, so each is written,
 * read back, and kept only where the reader sees the fault.
 */
import type { CaseSpec, Field, Fields } from '../contract/contract.ts';
import { isJsonObject, jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { legacyProblem, parseLegacyQuery, writeLegacyQuery } from '../protocol/legacy.ts';
import { parseQuery, writeQuery } from '../protocol/query.ts';
import { fitsSchema } from '../schema/check.ts';
import { coerce, wireValue } from '../schema/coerce.ts';
import { randomOf } from '../schema/random.ts';
import { locate } from '../schema/refs.ts';
import { sampleOf } from '../schema/sample.ts';
import type { Schema } from '../schema/schema.ts';
import { partsOf, typesOf } from '../schema/shape.ts';
import { idOf, joined, NO_FAULTS, withQuery, type Fault, type Faults, type Sound } from './negative-fault.ts';
import { valueFaults, type ValueFault, type ValueFaults } from './negative-values.ts';

/** Faults that are made of one parameter, nested ones included. */
const MOST_OF_ONE = 8;

export function parameterFaults(sound: Sound): Faults {
  const { profile, operation, spec } = sound;
  if (profile.sends === 'params') return actionFaults(sound);
  const [criterion] = spec.criteria ?? [];
  const ofCriteria = isJsonObject(criterion) ? criteriaFaults(sound, criterion) : NO_FAULTS;
  return joined([queryFaults(sound, operation.params), ofCriteria]);
}

function queryFaults(sound: Sound, fields: Fields): Faults {
  const { spec } = sound;
  const ofEach = [...fields.values()].map((field): Faults => {
    const missing = missingFault(field, spec.params, 'parameter');
    const { faults, left } = brokenValues(field, spec.params, sound);
    const broken = faults.flatMap((fault): readonly Fault[] => {
      const seen = seenInQuery(field, fault.value, sound);
      if (seen === null) return [];
      return [
        {
          ...told(fault, field.name, 'parameter'),
          rule: seen === 'unreadable' && fault.path.length === 0 ? 'negative/refused' : 'negative/validated',
          refusal: 'parameter',
          spec: { params: { ...spec.params, [field.name]: fault.value } },
        },
      ];
    });
    return {
      faults: [...(missing === null ? [] : [{ ...missing.fault, spec: { params: missing.rest } }]), ...broken],
      left,
    };
  });
  return joined(ofEach);
}

/** What the server's reader makes of a value that a query carries: null where it sees nothing wrong. */
function seenInQuery({ name, type }: Field, value: Json, { protocol }: Sound): 'unreadable' | 'unfit' | null {
  if (typeof type === 'boolean') return null;
  const wire = wireValue(type, value);
  const isTwo = protocol === '2.0.0';
  if (!isTwo && legacyProblem(wire) !== null) return null;
  const read = isTwo ? parseQuery(writeQuery([[name, wire]])) : parseLegacyQuery(writeLegacyQuery([[name, wire]]));
  const element = 'problem' in read ? undefined : read.parameters.get(name);
  if (element === undefined) return null;
  const typed = coerce(type, element, !isTwo);
  // A text alone is what the server looks at; in 1.0.0 it may be a list of one, whose items it has not been seen to judge.
  const isLooked = typeof element === 'string' && (isTwo || typesIn(type)?.includes('array') !== true);
  if ('problem' in typed) return isLooked ? 'unreadable' : 'unfit';
  return typed.lenient.length > 0 || !fitsSchema(type, typed.value) ? 'unfit' : null;
}

function criteriaFaults(sound: Sound, criterion: JsonObject): Faults {
  const { operation, protocol } = sound;
  const { batchParam } = operation;
  const faulty = (value: Json): Partial<CaseSpec> => ({ criteria: [value] });
  const missing = [...operation.criteria.values()].flatMap((field): readonly Fault[] => {
    const found = missingFault(field, criterion, 'criterion');
    // Of the insides of criteria nobody has seen what the open-source server refuses.
    return found === null ? [] : [{ ...found.fault, rule: 'negative/validated', spec: faulty(found.rest) }];
  });
  const broken = [...operation.criteria.values()].map((field): Faults => {
    const { faults, left } = brokenValues(field, criterion, sound);
    const seen = faults.filter(({ value }) => seenInQuery(field, value, sound) !== null);
    return {
      faults: seen.map((fault): Fault => ({
        ...told(fault, field.name, 'criterion'),
        rule: 'negative/validated',
        refusal: 'parameter',
        spec: faulty({ ...criterion, [field.name]: fault.value }),
      })),
      left,
    };
  });
  const without: Fault = {
    what: 'without-criteria',
    does: `has no \`${batchParam}\``,
    rule: 'negative/refused',
    refusal: 'parameter',
    rewrite: (request) => withQuery(request, '', [batchParam]),
  };
  const noList: Fault = {
    what: 'criteria-no-list',
    does: `has a \`${batchParam}\` that is no list`,
    // A fault of the open-source server answers it: 500.
    rule: 'negative/validated',
    refusal: 'parameter',
    rewrite: (request) => withQuery(request, `${batchParam}=no-list`, [batchParam]),
  };
  const noRecord = protocol === '2.0.0' ? [criterionNoRecord(faulty('no-record'))] : [];
  return joined([{ faults: [without, noList, ...noRecord, ...missing], left: 0 }, ...broken]);
}

function criterionNoRecord(spec: Partial<CaseSpec>): Fault {
  return {
    what: 'criterion-no-record',
    does: 'has a criterion that is no record',
    rule: 'negative/validated',
    refusal: 'parameter',
    spec,
  };
}

function actionFaults(sound: Sound): Faults {
  const { operation, spec } = sound;
  const ofEach = [...operation.params.values()].map((field): Faults => {
    const missing = missingFault(field, spec.params, 'parameter');
    const { faults, left } = brokenValues(field, spec.params, sound);
    const broken = faults.map((fault): Fault => ({
      ...told(fault, field.name, 'parameter'),
      rule: isOtherType(field, fault) ? 'negative/refused' : 'negative/validated',
      refusal: 'parameter',
      spec: { params: { ...spec.params, [field.name]: fault.value } },
    }));
    return {
      faults: [...(missing === null ? [] : [{ ...missing.fault, spec: { params: missing.rest } }]), ...broken],
      left,
    };
  });
  return joined(ofEach);
}

/** The server compares the type of a parameter as a whole, where it has one. */
function isOtherType({ type }: Field, { kind, path }: ValueFault): boolean {
  return kind === 'type-of' && path.length === 0 && typeof type !== 'boolean' && typesIn(type)?.length === 1;
}

function typesIn(schema: Schema): readonly string[] | null {
  return typesOf(partsOf(locate(schema), schema.scope));
}

function missingFault(
  { name, required }: Field,
  sent: JsonObject,
  noun: string,
): { readonly fault: Fault; readonly rest: JsonObject } | null {
  if (!required || !Object.hasOwn(sent, name)) return null;
  return {
    fault: {
      what: `misses-${idOf([name])}`,
      does: noun === 'criterion' ? `lacks ${name} in a criterion` : `lacks the required parameter ${name}`,
      rule: 'negative/refused',
      refusal: 'parameter',
    },
    rest: jsonObject(Object.entries(sent).filter(([other]) => other !== name)),
  };
}

const NO_VALUES: ValueFaults = { faults: [], left: 0 };

/** Values of a field with one fault each, made of the one that is sent, or of one that its type has. */
function brokenValues({ name, type }: Field, sent: JsonObject, { seed, profile }: Sound): ValueFaults {
  if (typeof type === 'boolean') return NO_VALUES;
  const known = Object.hasOwn(sent, name) ? sent[name] : undefined;
  const value = known ?? sampleOf(type, randomOf(seed));
  if (value === null) return NO_VALUES;
  const isText = profile.sends !== 'params';
  return valueFaults(type, value, { check: {}, seed, most: MOST_OF_ONE, isText });
}

function told({ kind, path, tells }: ValueFault, name: string, noun: string): Pick<Fault, 'what' | 'does'> {
  const whole = [name, ...path];
  const where =
    noun === 'criterion' ? `a criterion whose ${whole.join('.')} is a value` : `a parameter ${whole.join('.')}`;
  const what = `${kind}-${idOf(whole)}`;
  return { what, does: kind === 'misses' ? `lacks ${whole.join('.')}` : `has ${where} ${tells}` };
}
