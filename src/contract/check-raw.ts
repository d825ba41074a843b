/**
 * What a case replaces byte for byte: it must stay below the base and be something that HTTP can carry; encodings that
 * servers read otherwise than meant are named, with the text that would be right.
 */
import { encodeText, percentDecode } from '../protocol/encoding.ts';
import { partsOf } from '../protocol/query.ts';
import type { Checking } from './checking.ts';
import type { CaseSpec } from './contract.ts';
import { onlyErrors } from './negative.ts';

const VERB = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export function checkRaw(checking: Checking, spec: CaseSpec): void {
  if (spec.raw === null) return;
  const { verb, path, query } = spec.raw;
  const at = `${spec.pointer}/raw`;
  if (verb !== undefined && !verb.includes('${') && !VERB.test(verb)) {
    checking.error('raw-verb', `${at}/verb`, `\`${verb}\` is no HTTP verb`, {
      fix: 'write one word, such as GET',
      see: 'cases',
    });
  }
  if (path !== undefined) {
    checkBytes(checking, path, `${at}/path`);
    checkBase(checking, path, `${at}/path`);
  }
  if (query !== undefined) {
    checkBytes(checking, query, `${at}/query`);
    if (query.startsWith('?'))
      checking.error('raw-query-mark', `${at}/query`, 'the `?` is written for you', {
        fix: `write \`${query.slice(1)}\``,
        see: 'cases',
      });
  }
  // What is meant to be refused may be as wrong as it likes.
  if (onlyErrors(spec.expect?.status)) return;
  if (path !== undefined) checkPathText(checking, path, `${at}/path`);
  if (query !== undefined) checkQueryText(checking, spec, query, `${at}/query`);
}

function checkBytes(checking: Checking, text: string, pointer: string): void {
  const bad = /[^\x21-\x7e]/.exec(text.replaceAll(/\$\{[^}]*\}/g, 'x'));
  if (bad === null && !text.includes('#')) return;
  const point = bad === null ? 0x23 : (bad[0].codePointAt(0) ?? 0);
  const hex = point.toString(16).toUpperCase().padStart(4, '0');
  checking.error('raw-bytes', pointer, `a request line cannot carry U+${hex}`, {
    fix: 'percent-encode it: a space is `%20`',
    see: 'cases',
  });
}

function checkBase(checking: Checking, path: string, pointer: string): void {
  const why = leavesBase(path);
  if (why !== null)
    checking.error('path-leaves-base', pointer, `the path leaves the base of the target: ${why}`, {
      fix: `write the path from the resource on: \`${checking.contract.path}${isOfOne(checking) ? '' : '/1'}\``,
      see: 'cases',
    });
}

/** Whether the resource has no keys that a path could end in. */
function isOfOne({ contract }: Checking): boolean {
  return contract.key === null;
}

function leavesBase(path: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(path)) return 'it is an absolute URL';
  if (path.startsWith('//')) return '`//` begins with another host';
  if (path.includes('\\')) return 'a backslash counts as a slash in many readers';
  if (!path.startsWith('/') && !path.startsWith('${')) return 'it does not begin with `/`';
  for (const segment of path.split(/[/?]/)) {
    const decoded = segment.replaceAll(/%2e/gi, '.').replaceAll(/%2f/gi, '/').replaceAll(/%5c/gi, '\\');
    if (decoded.split(/[/\\]/).some((part) => part === '..' || part === '.'))
      return `\`${segment}\` is a step to another folder`;
  }
  return null;
}

function checkPathText(checking: Checking, path: string, pointer: string): void {
  const doubled = doubleEncoding(path);
  if (doubled !== null) double(checking, doubled, pointer);
  const urn = path.split('/').find((segment) => /^urn:/i.test(segment));
  if (urn !== undefined) {
    // The open-source server reads it, LinkedIn's gateway refuses it.
    const strict = checking.contract.dialect === 'linkedin';
    const make = strict ? checking.error.bind(checking) : checking.warning.bind(checking);
    make('raw-urn-colons', pointer, `the colons of \`${urn}\` stand raw in the path`, {
      fix: `write \`${encodeText(urn, 'path')}\``,
      see: 'cases',
    });
  }
}

function checkQueryText(checking: Checking, spec: CaseSpec, query: string, pointer: string): void {
  const protocol = checking.protocolOf(spec.protocol);
  const seen = new Map<string, string[]>();
  for (const { name, value } of partsOf(query)) {
    seen.set(name, [...(seen.get(name) ?? []), value]);
    if (/^List%28/i.test(value)) {
      checking.warning(
        'raw-list-encoded',
        pointer,
        `the list of \`${name}\` is encoded as a whole, so a server reads one text`,
        {
          fix: `write \`${name}=${value.replaceAll(/%28/gi, '(').replaceAll(/%29/gi, ')').replaceAll(/%2C/gi, ',').replaceAll(/%3A/gi, ':')}\``,
          see: 'cases',
        },
      );
    } else if (/^List\(.*%2C.*\)$/i.test(value) && !value.includes(',')) {
      checking.warning(
        'raw-comma-encoded',
        pointer,
        `the items of \`${name}\` are joined by \`%2C\`, so a server reads one item`,
        { fix: `write \`${name}=${value.replaceAll(/%2C/gi, ',')}\``, see: 'cases' },
      );
    } else if (/(?:List\(|,|^\()[^()]*urn:[A-Za-z]/.test(value)) {
      checking.error(
        'raw-urn-colons',
        pointer,
        `colons of a URN stand raw inside \`${name}\`, where they separate names from values`,
        {
          fix: `write \`${name}=${value.replaceAll(/urn:[^,)]*/g, (urn) => encodeText(urn, 'query'))}\``,
          see: 'cases',
        },
      );
    }
    const doubled = doubleEncoding(value);
    if (doubled !== null) double(checking, doubled, pointer);
    if (protocol === '2.0.0') checkLegacyName(checking, name, value, pointer);
  }
  for (const [name, values] of seen) {
    if (values.length < 2 || protocol === '1.0.0' || /[[\]]/.test(name)) continue;
    legacy(checking, pointer, `\`${name}\` stands ${values.length} times`, `${name}=List(${values.join(',')})`);
  }
}

function checkLegacyName(checking: Checking, name: string, value: string, pointer: string): void {
  const index = /^([^.[\]]+)\[\d+\](.*)$/.exec(name);
  if (index !== null) {
    legacy(
      checking,
      pointer,
      `\`${name}=\` counts the items of a list`,
      `${index[1] ?? ''}=List(${index[2] === '' || index[2] === undefined ? value : `(${index[2].replace(/^\./, '')}:${value})`})`,
    );
    return;
  }
  const dotted = /^([A-Za-z_]\w*)\.([A-Za-z_][\w.]*)$/.exec(name);
  if (dotted === null) return;
  const [, head = '', rest = ''] = dotted;
  legacy(
    checking,
    pointer,
    `\`${name}=\` names a member by a dot`,
    `${head}=${rest.split('.').reduceRight((inner, part) => `(${part}:${inner})`, value)}`,
  );
}

function legacy(checking: Checking, pointer: string, what: string, corrected: string): void {
  checking.warning('raw-protocol-1', pointer, `${what}, which is protocol 1.0.0; the case is sent as 2.0.0`, {
    fix: `write \`${corrected}\`, or \`protocol: 1.0.0\``,
    see: 'cases',
  });
}

function doubleEncoding(text: string): string | null {
  return /[^/&=?,()]*%25[0-9A-Fa-f]{2}[^/&=?,()]*/.exec(text)?.[0] ?? null;
}

function double(checking: Checking, text: string, pointer: string): void {
  const decoded = percentDecode(text);
  checking.warning('raw-double-encoded', pointer, `\`${text}\` is encoded twice`, {
    fix: 'value' in decoded ? `write \`${decoded.value}\`` : 'encode it once',
    see: 'cases',
  });
}
