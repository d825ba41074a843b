/** `docs/laws.md`: what every endpoint owes, made from the laws, their rules and the faults that trip them. */
import { parseContract } from '../contract/parse.ts';
import type { Operation } from '../contract/contract.ts';
import { LAWS } from '../laws/index.ts';
import type { Law } from '../laws/law.ts';
import { FAULTS } from '../mock/faults.ts';
import { METHOD_NAMES, profileOf } from '../protocol/methods.ts';
import { EXAMPLE_CONTRACTS, ruleOf } from '../rules/index.ts';

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

/** The method's name where the law is about it; some laws want a resource whose clients choose the keys. */
function appliesTo(law: Law, operations: readonly Operation[]): readonly string[] {
  const applies = (one: Operation): boolean => law.appliesTo(profileOf(one.method), one);
  const [first] = operations;
  if (first === undefined) return [];
  if (operations.some(applies)) return [first.method];
  return operations.some((one) => applies({ ...one, upsert: true })) ? [`${first.method} with \`upsert\``] : [];
}

function sectionOf(law: Law): readonly string[] {
  const { id, level, title, why, consequence, fix, source } = ruleOf(law.rule);
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
