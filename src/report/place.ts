/** Where a violation is, in words, and the same place with its changing parts taken out. */
import type { EventViolation } from '../run/events.ts';

const PLACES: Readonly<Record<EventViolation['where'], string>> = {
  'request-line': 'request line',
  'request-header': 'request header',
  'request-body': 'request body',
  status: 'response status',
  header: 'response header',
  body: 'response body',
  entry: 'batch entry',
  paging: 'paging',
  'error-body': 'error body',
  transport: 'transport',
};

/** Members of a batch body whose members are named by keys of entities. */
const KEYED_MEMBERS = new Set(['results', 'errors', 'statuses', 'entities']);

/** `response body /results/7/id`, `response header X-RestLi-Id`, `batch entry 7`. */
export function placeOf(violation: EventViolation): string {
  const parts = [PLACES[violation.where]];
  if (violation.header !== null) parts.push(violation.header);
  if (violation.pointer !== null && violation.pointer !== '') parts.push(violation.pointer);
  else if (violation.key !== null) parts.push(violation.key);
  return parts.join(' ');
}

/** The place of a whole group: indices become `*`, batch keys `{key}`, URNs `{urn}`. */
export function placeOfGroup(violation: EventViolation): string {
  const parts = [PLACES[violation.where]];
  if (violation.header !== null) parts.push(violation.header);
  if (violation.pointer !== null && violation.pointer !== '') parts.push(normalPointer(violation.pointer));
  else if (violation.key !== null) parts.push('{key}');
  return parts.join(' ');
}

/** `/results/123/status` -> `/results/{key}/status`; an index becomes a star. */
export function normalPointer(pointer: string): string {
  const segments = pointer.split('/');
  return segments
    .map((segment, index) => {
      if (index === 2 && KEYED_MEMBERS.has(segments[1] ?? '')) return '{key}';
      if (/^\d+$/.test(segment)) return '*';
      return segment.startsWith('urn:') || segment.startsWith('urn%3A') ? '{urn}' : segment;
    })
    .join('/');
}
