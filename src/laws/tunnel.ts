/** Laws of query tunnelling: what travels in a tunnel is read, and written, as what travels without. */
import { applyPatch } from '../protocol/patch.ts';
import { profileOf } from '../protocol/methods.ts';
import { differences, differencesFromSent, isSuccess, told } from './compare.ts';
import type { Law, LawFacts, LawFinding, Probe, TraceEntry } from './law.ts';
import { compareForms, onlyAsks, onOwned, reads, writes } from './probe.ts';
import { sameAnswers } from './same-answers.ts';
import { sentOf } from './sent.ts';

export const TUNNEL_LAWS: readonly Law[] = [
  {
    rule: 'laws/tunnelled-is-plain',
    // Without a parameter of its own a request has a query only where it is projected.
    appliesTo: (profile, operation) =>
      onlyAsks(profile, operation) && (profile.parameter !== 'none' || operation.projection !== 'none'),
    probe: (facts) => {
      const { projection, method } = facts.operation;
      const fields = projection === 'none' || !profileOf(method).projects ? '' : facts.members().slice(0, 2).join(',');
      if (fields === '' && profileOf(method).parameter === 'none') return null;
      const masked = fields === '' ? {} : { fields };
      return compareForms(facts, [
        { name: 'asks plainly', change: { ...masked, tunnel: false } },
        { name: 'asks through a tunnel', change: { ...masked, tunnel: true } },
      ]);
    },
    check: (trace) => sameAnswers('laws/tunnelled-is-plain', trace, 'The tunnelled request'),
  },
  {
    rule: 'laws/tunnelled-write-is-done',
    appliesTo: ({ effect }) => effect === 'replaces' || effect === 'patches' || effect === 'removes',
    probe: tunnelledWrite,
    check: ([before, tunnelled, after, plain, afterPlain]) => {
      if (before === undefined || tunnelled === undefined || after === undefined || plain === undefined) return [];
      if (!isSuccess(before)) return [];
      if (isDone(tunnelled)) {
        // What the plain write leaves undone as well is no fault of the tunnel.
        const usual = afterPlain === undefined || !isDone(plain) ? [] : undone(before, plain, afterPlain);
        return undone(before, tunnelled, after).filter(
          (one) => !usual.some(({ pointer, actual }) => pointer === one.pointer && actual === one.actual),
        );
      }
      // A write may be refused for what it is; what is done plainly and not through a tunnel is refused for the tunnel.
      if (!isDone(plain)) return [];
      return [
        finding(1, `${plain.status}`, `${tunnelled.status}`, 'A write is refused in a tunnel, and done without it.'),
      ];
    },
  },
];

const RULE = 'laws/tunnelled-write-is-done';

/** A write with a body and a query travels as two parts, one with a body alone beside an empty query. */
function tunnelledWrite(facts: LawFacts): ReturnType<Law['probe']> {
  return onOwned(facts, (owned): Probe['steps'] | null => {
    const { entity } = owned.material;
    const { effect } = profileOf(facts.operation.method);
    const sent = entity === null ? null : effect === 'patches' ? facts.patch(entity) : facts.changed(entity);
    if (effect !== 'removes' && sent === null) return null;
    const item = effect === 'removes' || sent === null ? {} : effect === 'patches' ? { patch: sent } : { entity: sent };
    const write = (name: string, tunnel: boolean): Probe['steps'][number] => {
      const step = writes(facts.operation, owned, owned.key, item, name, 'any');
      return { ...step, spec: { ...step.spec, tunnel } };
    };
    return [
      reads(owned, owned.key, 'reads it'),
      write('writes it through a tunnel', true),
      reads(owned, owned.key),
      write('writes it plainly', false),
      reads(owned, owned.key),
    ];
  });
}

function isDone(write: TraceEntry): boolean {
  return isSuccess(write) && isSuccess(write.outcomes?.[0] ?? write);
}

/** What a write that was answered with success did not do. */
function undone(before: TraceEntry, write: TraceEntry, after: TraceEntry): readonly LawFinding[] {
  const { effect } = profileOf(write.asked.method);
  const message = 'A tunnelled write is answered with success, and is not done';
  if (effect === 'removes') return isSuccess(after) ? [finding(2, '404', `${after.status}`, `${message}.`)] : [];
  if (!isSuccess(after)) return [finding(2, '200', `${after.status}`, `${message}.`)];

  const sent = sentOf(write);
  if (sent === undefined) return [];
  if (effect === 'replaces') {
    const found = differencesFromSent(after.contract, sent, after.body).filter(({ kind }) => kind !== 'added');
    return told(RULE, 2, '', found, message);
  }
  const applied = before.body === undefined ? null : applyPatch(sent, before.body);
  if (applied === null || 'problem' in applied) return [];
  return told(RULE, 2, '', differences(after.contract, applied.value, after.body), message);
}

function finding(exchange: number, expected: string, actual: string, message: string): LawFinding {
  return { rule: RULE, where: 'status', exchange, pointer: null, expected, actual, message };
}
