/** Whether a projection is due, allowed, or sent where nothing can be projected. */
import { placeOf } from './findings.ts';
import type { Sent } from './sent.ts';

/** Judges `fields`, `metadataFields` and `pagingFields`; how they are written is judged elsewhere. */
export function checkProjection({ findings, contract, operation, profile, read, dialect }: Sent): void {
  if (operation === null) return;
  findings.checks += 1;
  const { fields, metadataFields, pagingFields } = read.masks;
  const at = placeOf(contract, `${operation.pointer}/projection`);
  if (operation.projection === 'required' && fields === undefined) {
    findings.add('params/projection-required', {
      where: 'request-line',
      expected: '`fields`',
      actual: 'nothing',
      message: 'The contract demands a projection.',
      at,
    });
  }
  const projects = profile.projects || operation.returnEntity;
  if (fields !== undefined && (operation.projection === 'none' || !projects)) {
    findings.add('params/projection-forbidden', {
      where: 'request-line',
      expected: 'no `fields`',
      actual: `fields=${fields}`,
      message: projects
        ? 'The contract supports no projection here.'
        : 'The method answers no entity that could be projected.',
      at,
      ...(projects || dialect.unknownParams === 'error' ? {} : { level: 'should' as const }),
    });
  }
  const isList = profile.returns === 'collection' || profile.returns === 'collections';
  for (const [name, mask] of [
    ['metadataFields', metadataFields],
    ['pagingFields', pagingFields],
  ] as const) {
    if (mask === undefined || isList) continue;
    findings.add('params/projection-forbidden', {
      where: 'request-line',
      expected: `no \`${name}\``,
      actual: `${name}=${mask}`,
      message: `The method answers no list, and \`${name}\` has nothing to project.`,
      level: 'should',
    });
  }
}
