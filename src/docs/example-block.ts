/** An example of the catalogue as a block of Markdown. */
import { exampleLines, isSequence, type RuleExample } from '../rules/index.ts';

/** Characters of one example that are shown; the rest of a line that is long on purpose adds nothing. */
const SHOWN = 600;

/** What has to be known beside the messages, then the messages; a sequence is numbered and leaves usual headers out. */
export function exampleBlock(example: RuleExample): readonly string[] {
  const notes = [
    example.intent === undefined
      ? null
      : `meant as ${[example.intent.method, example.intent.operation].filter(Boolean).join(' ')}`,
    example.dialect === undefined ? null : `in a dialect \`${example.dialect}\` of one's own`,
    example.expect === undefined || example.expect === '{}' ? null : `where the case expects \`${example.expect}\``,
    example.expect === '{}' ? 'in a case that expects nothing besides success' : null,
    example.failure === undefined ? null : `the exchange fails in phase \`${example.failure}\``,
    example.capture === undefined ? null : `where a later step captures \`${example.capture}\``,
    example.waived === undefined ? null : `waived until ${example.waived}`,
    example.today === undefined ? null : `judged on ${example.today}`,
    example.charset === undefined ? null : 'sent as ISO 8859-1',
  ].filter((note) => note !== null);
  return [
    ...(notes.length === 0 ? [] : [`(${notes.join('; ')})`, '']),
    isSequence(example) ? '```text' : '```http',
    ...exampleLines(example).map(shorten),
    '```',
  ];
}

function shorten(line: string): string {
  const visible = line.replaceAll('\uFEFF', '<BOM>');
  return visible.length > SHOWN ? `${visible.slice(0, 80)}… (${visible.length} characters)` : visible;
}
