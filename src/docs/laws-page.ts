/** `docs/laws.md`: what every endpoint owes, made from the laws, their rules and the faults that trip them. */
import { parseContract } from '../contract/parse.ts';
import type { Operation } from '../contract/contract.ts';
import { LAWS } from '../laws/index.ts';
import type { Law } from '../laws/law.ts';
import { FAULTS } from '../mock/faults.ts';
import { METHOD_NAMES, profileOf } from '../protocol/methods.ts';
import { EXAMPLE_CONTRACTS, isSequence, ruleOf } from '../rules/index.ts';
import { exampleBlock } from './example-block.ts';

/** @returns the whole page, the same text for the same tables */
export function lawsMarkdown(): string {
  const operations = exampleOperations();
  const parts = [
    '<!-- Made by `npm run docs` from src/laws, src/rules and src/mock. -->',
    '',
    '# Laws',
    '',
    'What a contract needs not say, because the protocol says it for every resource. A law takes a few exchanges, mostly on',
    'an entity that the run itself creates, and compares their answers: group `laws` of a run, on by default. A law asks no',
    'more than the protocol does: only `must` fails a case. A resource that breaks one by design says so under `exempt`.',
    '',
    `${LAWS.length} laws. Each is kept by the embedded endpoint, and tripped by the faults of it that stand in the last column`,
    '(`restli-contract run --fault NAME`).',
    '',
    "Each law has two sequences of exchanges with a library: one that it accepts and one that it reports. The request's method",
    'stands before it where the verb is another word; headers that are the same throughout are left out.',
    '',
    '| law | level | what holds | for | tripped by |',
    '| --- | --- | --- | --- | --- |',
    ...LAWS.map((law) => rowOf(law, operations)),
    '',
    ...LAWS.flatMap(sectionOf),
  ];
  return `${parts.join('\n').trimEnd()}\n`;
}

function rowOf(law: Law, operations: readonly Operation[]): string {
  const { id, level, title } = ruleOf(law.rule);
  const methods = METHOD_NAMES.flatMap((name) =>
    appliesTo(
      law,
      operations.filter((one) => one.method === name),
    ),
  );
  const faults = FAULTS.filter(({ rules }) => rules.includes(id)).map(({ name }) => `\`${name}\``);
  return `| [${id}](#${anchorOf(id)}) | ${level} | ${cell(title)} | ${methods.join(', ')} | ${faults.join(', ')} |`;
}

/** What an operation is declared to be or not to be, on which some laws depend: clients choose the keys; it writes nothing. */
const DECLARED = ['upsert', 'readOnly'] as const;

/** The method's name where the law is about it, and what has to be declared with it. */
function appliesTo(law: Law, operations: readonly Operation[]): readonly string[] {
  const [first] = operations;
  if (first === undefined) return [];
  const applies = (declared: Partial<Operation>): boolean =>
    operations.some((one) => law.appliesTo(profileOf(one.method), { ...one, ...declared }));
  const conditions = DECLARED.flatMap((name) => {
    const [declared, undeclared] = [applies({ [name]: true }), applies({ [name]: false })];
    if (declared === undeclared) return [];
    return [` ${declared ? 'with' : 'without'} \`${name}\``];
  });
  return conditions.length > 0 || applies({}) ? [`${first.method}${conditions.join(' and')}`] : [];
}

function sectionOf(law: Law): readonly string[] {
  const { id, level, title, why, consequence, fix, source, keeps, breaks } = ruleOf(law.rule);
  const from = source.url === undefined ? source.text : `[${source.text}](${source.url})`;
  return [
    `## ${id}`,
    '',
    `**${title}.** Level ${level}.`,
    '',
    why,
    '',
    `Broken: ${consequence}`,
    '',
    `To do: ${fix}`,
    '',
    `Source: ${from}.`,
    '',
    isSequence(keeps) ? 'Exchanges that keep it:' : 'An exchange that keeps it:',
    '',
    ...exampleBlock(keeps),
    '',
    isSequence(breaks) ? 'Exchanges that break it:' : 'One that breaks it:',
    '',
    ...exampleBlock(breaks),
    '',
  ];
}

/** Operations of every kind, to see which methods a law is about. */
function exampleOperations(): readonly Operation[] {
  return [...EXAMPLE_CONTRACTS].flatMap(([name, text]) => {
    const { contract } = parseContract(text, { file: `${name}.contract.yaml` });
    return contract === null ? [] : contract.operations;
  });
}

function anchorOf(id: string): string {
  return id.replaceAll('/', '');
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
