/** What the YAML reader stumbled over, in words that say what to do. */
import { isMap, isScalar, isSeq, type Document, type YAMLError } from 'yaml';
import type { Span, TextProblem } from './source.ts';

/** Faults of the notation shown at most; the later ones follow from the first. */
const MOST_FAULTS = 5;

/** Where a text that has no closing quote began. */
function openQuote(document: Document.Parsed, error: YAMLError): Span | null {
  const nodes: unknown[] = [document.contents];
  let found: Span | null = null;
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (isMap(node)) for (const { key, value } of node.items) nodes.push(key, value);
    else if (isSeq(node)) nodes.push(...node.items);
    else if (isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')) {
      const start = node.range?.[0] ?? 0;
      if (start < error.pos[0] && (node.range?.[1] ?? 0) >= error.pos[0] && (found === null || start > found.start))
        found = { start, end: start + 1 };
    }
  }
  return found;
}

export function syntaxFaults(document: Document.Parsed, text: string): readonly TextProblem[] {
  const bare = bareVariables(document, text);
  if (bare.length > 0) return bare.slice(0, MOST_FAULTS);

  // One slip makes the reader stumble at every later line; only faults on different lines are worth showing.
  const problems: TextProblem[] = [];
  let lastLine = -1;
  for (const error of document.errors) {
    const line = lineOf(text, error.pos[0]);
    if (line === lastLine || problems.length === MOST_FAULTS) continue;
    lastLine = line;
    problems.push(syntaxFault(document, error, text));
    if (error.code === 'MISSING_CHAR' && /closing/.test(error.message)) break;
  }
  return problems;
}

/**
 * `{ key: ${a} }`: the second brace begins an object where text was meant. Every later fault follows from the first, so
 * the others of the kind are looked for in the text, from the line on at which the reader stumbled.
 */
function bareVariables(document: Document.Parsed, text: string): readonly TextProblem[] {
  const first = document.errors.find(({ pos: [at] }) => text.startsWith('${', at - 1));
  if (first === undefined) return [];

  const from = text.lastIndexOf('\n', first.pos[0]) + 1;
  const found: TextProblem[] = [];
  let start = from;
  for (const line of text.slice(from).split('\n')) {
    for (const use of line.matchAll(BARE_VARIABLE)) {
      const [, before = '', variable = ''] = use;
      if (!isInBraces(line.slice(0, use.index))) continue;
      const at = start + use.index + before.length;
      found.push(
        fault(
          'contract/yaml-syntax',
          `\`${variable}\` stands without quotes inside braces, where \`{\` begins an object`,
          { start: at, end: at + variable.length },
          `quote it: \`"${variable}"\``,
        ),
      );
    }
    start += line.length + 1;
  }
  return found;
}

const BARE_VARIABLE = /([:,[]\s*)([^\s"',:[\]{}]*\$\{[^}\n]*\}[^\s,\]}]*)/g;

/** Whether a brace or bracket is open at the end of a piece of a line, and no quote. */
function isInBraces(before: string): boolean {
  const plain = before.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '');
  return /[[{]/.test(plain) && !/["']/.test(plain);
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

function syntaxFault(document: Document.Parsed, error: YAMLError, text: string): TextProblem {
  const span = { start: error.pos[0], end: Math.max(error.pos[1], error.pos[0] + 1) };
  const here = text[span.start] ?? '';

  if (error.code === 'TAB_AS_INDENT')
    return fault('contract/yaml-tab', 'a tab stands where YAML wants spaces', span, 'indent with spaces');
  if (error.code === 'MISSING_CHAR' && /closing/.test(error.message)) {
    return fault(
      'contract/yaml-quote',
      'the quote that opens here is never closed',
      openQuote(document, error) ?? span,
      'close it on the same line; inside double quotes write `\\"` for a quote',
    );
  }
  if (error.code === 'BAD_DQ_ESCAPE') {
    return fault(
      'contract/yaml-escape',
      `${error.message.replace(/^Invalid escape sequence /, 'no escape of YAML: `')}\``,
      span,
      'write `\\\\` for a backslash, or use single quotes',
    );
  }
  if (error.code === 'BAD_SCALAR_START')
    return fault('contract/yaml-syntax', `plain text cannot begin with \`${here}\``, span, 'quote it');
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY' || error.code === 'MULTILINE_IMPLICIT_KEY') {
    return fault(
      'contract/yaml-syntax',
      'a second `name:` begins inside a value',
      span,
      'quote the text if the colon belongs to it; else check the indentation, and that a space follows each colon',
    );
  }
  if (error.code === 'BAD_INDENT') {
    const flow = /Flow (map|sequence)/.exec(error.message)?.[1];
    const close = flow === 'map' ? '}' : ']';
    if (flow !== undefined)
      return fault(
        'contract/yaml-syntax',
        `a \`${flow === 'map' ? '{' : '['}\` is not closed before here`,
        span,
        `close it with \`${close}\``,
      );
  }
  return fault(
    'contract/yaml-syntax',
    sentence(error, here),
    span,
    FIXES[error.code] ?? 'check indentation, quotes and brackets above this place',
  );
}

const FIXES: Readonly<Record<string, string>> = {
  MISSING_CHAR: 'write `name: value` with a space after the colon, and `- ` before items of a list',
  UNEXPECTED_TOKEN: 'check that siblings are indented alike, and quote texts that hold `{ } [ ] , : #`',
  BAD_INDENT: 'indent members of one object alike',
};

function sentence(error: YAMLError, here: string): string {
  if (error.code === 'MISSING_CHAR')
    return 'a name without a value: the colon is missing, or the line is indented like a member';
  if (error.code === 'UNEXPECTED_TOKEN') return `\`${here.trim() === '' ? 'this' : here}\` cannot stand here`;
  if (error.code === 'BAD_INDENT') return 'the indentation does not fit the lines above';
  return 'this is not YAML';
}

export function fault(
  code: string,
  message: string,
  span: Span,
  fix: string | null,
  related: TextProblem['related'] = [],
): TextProblem {
  return { code, severity: 'error', message, span, fix, related };
}
