/** Faults of a server that checks too little: it takes what breaks a rule and goes on as if nothing were wrong. */
import type { Fault } from './faults.ts';

export const LENIENCY_FAULTS: readonly Fault[] = [
  {
    name: 'schema-unchecked',
    title: 'Stores entities and takes parameters that break their schema',
    kind: 'errors',
    breaks: null,
    rules: ['expectation/status'],
    caughtBy: 'negative',
    apply: { forgives: ruleIn('request-body/schema', 'request-body/union-member') },
  },
  {
    name: 'parameters-unchecked',
    title: 'Takes parameters of the wrong type, and does without those that are required',
    kind: 'errors',
    breaks: null,
    rules: ['expectation/status'],
    caughtBy: 'negative',
    apply: { forgives: ruleIn('params/type', 'params/missing', 'params/criteria-missing') },
  },
  {
    name: 'batch-keys-unchecked',
    title: 'Takes a batch whose body and URL name other keys',
    kind: 'batch',
    breaks: ['BATCH_UPDATE', 'BATCH_PARTIAL_UPDATE'],
    rules: ['expectation/status'],
    caughtBy: 'negative',
    apply: { forgives: ruleIn('batch/keys-differ') },
  },
  {
    name: 'patch-unchecked',
    title: 'Takes a body without `patch` as a patch that changes nothing',
    kind: 'errors',
    breaks: ['PARTIAL_UPDATE', 'BATCH_PARTIAL_UPDATE'],
    rules: ['expectation/status'],
    caughtBy: 'negative',
    apply: { forgives: (rule) => rule.startsWith('patch/') || rule === 'routing/entity-becomes-patch' },
  },
  {
    name: 'silent-misroutes',
    title: 'Serves whatever method a request reaches when its header is lost, as the open-source server does',
    kind: 'routing',
    breaks: null,
    rules: ['expectation/status'],
    caughtBy: 'contract',
    apply: { forgives: (rule) => /^routing\/.*-becomes-/.test(rule) || rule === 'headers/method-missing' },
  },
];

function ruleIn(...rules: readonly string[]): (rule: string) => boolean {
  return (rule) => rules.includes(rule);
}
