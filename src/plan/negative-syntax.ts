/**
 * Malformed encodings: of the query, of the key in the path, of masks and pages, and media types that are none.
 *
 * Source: what the open-source server's reader rejects, executed; of broken escapes in a path only that the HTTP layer
 * below it refuses them, with 400 or 500.
 */
import { HEADERS } from '../protocol/headers.ts';
import { coerce } from '../schema/coerce.ts';
import { fitsSchema } from '../schema/check.ts';
import { withHeaderLine, withLastSegment, withQuery, type Fault, type Sound } from './negative-fault.ts';

export function syntaxFaults(sound: Sound): readonly Fault[] {
  return [
    ...queryFaults(sound),
    ...pathFaults(sound),
    ...maskFaults(sound),
    ...pagingFaults(sound),
    ...returnEntityFaults(sound),
    ...mediaTypeFaults(sound),
  ];
}

/** `text`: the value of a parameter. `isOfTwo`: protocol 1.0.0 reads it as a plain text, or as a list. */
// prettier-ignore
const QUERY_FAULTS: readonly { readonly what: string; readonly does: string; readonly text: string; readonly isOfTwo: boolean }[] = [
  { what: 'unclosed-list',   does: 'has a list in its query that does not end',                text: 'List(a',    isOfTwo: true },
  { what: 'unclosed-record', does: 'has a record in its query that does not end',              text: '(a:b',      isOfTwo: true },
  { what: 'loose-bracket',   does: 'has a bracket in its query that closes nothing',           text: 'a)',        isOfTwo: true },
  { what: 'empty-item',      does: 'has a list in its query with an item of no characters',    text: 'List(a,,b)', isOfTwo: true },
  { what: 'raw-delimiter',   does: 'has a raw `:` in a value of its query',                    text: 'a:b',       isOfTwo: true },
  { what: 'empty-value',     does: 'has a parameter without a value',                          text: '',          isOfTwo: true },
  { what: 'bad-escape',      does: 'has an escape in its query that is no hexadecimal number', text: '%zz',       isOfTwo: false },
  { what: 'cut-escape',      does: 'has an escape in its query that is cut off',               text: '%',         isOfTwo: false },
];

function queryFaults(sound: Sound): readonly Fault[] {
  const isTwo = sound.protocol === '2.0.0';
  const name = spoiledParameter(sound);
  const broken = QUERY_FAULTS.filter(({ isOfTwo }) => isTwo || !isOfTwo).map(({ what, does, text }): Fault => ({
    what,
    does,
    // What was executed of broken escapes is the reader of 2.0.0.
    rule: isTwo ? 'negative/refused' : 'negative/validated',
    refusal: 'syntax',
    rewrite: (request) => withQuery(request, `${name}=${text}`),
  }));
  const twice: Fault = {
    what: 'repeated-parameter',
    does: 'has a parameter twice',
    rule: 'negative/refused',
    refusal: 'syntax',
    rewrite: (request) => withQuery(request, `${name}=1&${name}=2`),
  };
  return [...broken, ...(isTwo ? [twice] : []), ...foreignBytes(sound)];
}

/** A parameter that the operation has, so that no server refuses it for being unknown. */
function spoiledParameter({ operation, profile }: Sound): string {
  if (profile.parameter !== 'none') return profile.parameter;
  const [declared] = profile.sends === 'params' ? [] : operation.params.keys();
  return declared ?? (operation.paging?.kind === 'offset' ? 'count' : 'x');
}

/** Bytes that are no UTF-8: the server's reader puts a replacement character there and goes on. */
function foreignBytes({ operation, profile }: Sound): readonly Fault[] {
  const field =
    profile.sends === 'params'
      ? undefined
      : [...operation.params.values()].find(({ type }) => typeof type !== 'boolean' && fitsSchema(type, 'a\ufffdb'));
  if (field === undefined) return [];
  return [
    {
      what: 'query-no-utf-8',
      does: `has bytes in its parameter ${field.name} that are no UTF-8`,
      rule: 'negative/advised',
      refusal: 'syntax',
      rewrite: (request) => withQuery(request, `${encodeURIComponent(field.name)}=a%FFb`),
    },
  ];
}

function pathFaults({ contract, operation, spec, protocol }: Sound): readonly Fault[] {
  const { key } = contract;
  const endsInKey = operation.level === 'entity' || operation.assocKeys.length > 0;
  if (key === null || !endsInKey || spec.key === undefined) return [];
  const fault = (what: string, does: string, rule: Fault['rule'], text: string): Fault => ({
    what,
    does,
    rule,
    refusal: 'path',
    rewrite: (request) => withLastSegment(request, text),
  });
  const faults = [
    fault('path-bad-escape', 'has an escape in its path that is no hexadecimal number', 'negative/validated', '%zz'),
    fault('path-cut-escape', 'has an escape in its path that is cut off', 'negative/validated', '%'),
  ];
  if (key.shape.kind === 'simple') {
    const [part] = key.parts.values();
    const isText = part === undefined || !('problem' in coerce(part, '\ufffd'));
    const rule = isText ? 'negative/advised' : 'negative/refused';
    faults.push(fault('path-no-utf-8', 'has bytes in its path that are no UTF-8', rule, '%FF'));
  } else if (protocol === '2.0.0') {
    const [part = 'part'] = key.parts.keys();
    faults.push(
      fault('path-unclosed-key', 'has a key in its path that does not end', 'negative/refused', `(${part}:1`),
      fault('path-loose-bracket', 'has a bracket after the key in its path', 'negative/refused', `(${part}:1))`),
    );
  }
  return faults;
}

function maskFaults({ operation, profile }: Sound): readonly Fault[] {
  if (!profile.projects || operation.projection === 'none') return [];
  return [
    {
      what: 'bad-mask',
      does: 'has a mask that does not parse',
      rule: 'negative/refused',
      refusal: 'syntax',
      rewrite: (request) => withQuery(request, 'fields=a:(b'),
    },
  ];
}

function pagingFaults({ operation, profile }: Sound): readonly Fault[] {
  if (!profile.returns.startsWith('collection') || operation.paging?.kind !== 'offset') return [];
  const { max } = operation.paging;
  const page = (what: string, does: string, text: string, rule: Fault['rule'] = 'negative/refused'): Fault => ({
    what,
    does,
    rule,
    refusal: 'parameter',
    rewrite: (request) => withQuery(request, text),
  });
  return [
    page('negative-start', 'asks for a page before the first', 'start=-1'),
    page('start-no-number', 'asks for a page that begins at no number', 'start=x'),
    page('negative-count', 'asks for a page of fewer than no elements', 'count=-1'),
    page('count-no-number', 'asks for a page of a size that is no number', 'count=x'),
    ...(max === null
      ? []
      : [page('count-too-large', `asks for a page of more than ${max}`, `count=${max + 1}`, 'negative/advised')]),
  ];
}

function returnEntityFaults({ operation, profile }: Sound): readonly Fault[] {
  if (!profile.mayReturnEntity || !operation.returnEntity) return [];
  return [
    {
      what: 'return-entity-neither',
      does: 'has a `$returnEntity` that is neither true nor false',
      rule: 'negative/refused',
      refusal: 'parameter',
      rewrite: (request) => withQuery(request, '$returnEntity=maybe'),
    },
  ];
}

function mediaTypeFaults({ profile, spec }: Sound): readonly Fault[] {
  const accept: Fault = {
    what: 'accept-unsupported',
    does: 'accepts plain text alone',
    // HTTP lets a server answer in what it has.
    rule: 'negative/advised',
    refusal: 'accept',
    rewrite: (request) => withHeaderLine(request, HEADERS.accept, 'text/plain'),
  };
  const hasBody = profile.sends !== 'none' && (profile.sends !== 'params' || Object.keys(spec.params).length > 0);
  if (!hasBody) return [accept];
  return [
    accept,
    {
      what: 'content-type-malformed',
      does: 'has a `Content-Type` that is none',
      rule: 'negative/refused',
      refusal: 'mediaType',
      rewrite: (request) => withHeaderLine(request, HEADERS.contentType, 'json'),
    },
  ];
}
