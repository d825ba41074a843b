/** Parameters of an action, which are the members of its body. */
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { describeValue } from '../diagnostic/quote.ts';
import { isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import { placeOf } from './findings.ts';
import { checkSentValue } from './request-entity.ts';
import { reportDeprecated } from './request-headers.ts';
import type { Sent } from './sent.ts';

/** Judges the members of an action's body. */
export function checkActionParams(sent: Sent, body: Json | undefined): void {
  const { findings, contract, operation } = sent;
  if (operation === null || (body !== undefined && body !== null && !isJsonObject(body))) return;
  for (const field of operation.params.values()) {
    findings.checks += 1;
    const value = memberOf(body ?? undefined, field.name);
    const told = {
      where: 'request-body',
      pointer: `/${field.name}`,
      at: placeOf(contract, `${operation.pointer}/params/${field.name}`),
    } as const;
    if (value === undefined) {
      if (field.required && field.type !== false)
        findings.add('params/missing', {
          ...told,
          expected: `\`${field.name}\``,
          actual: 'nothing',
          message: `Parameter \`${field.name}\` of the action is required.`,
        });
      continue;
    }
    if (field.type === false)
      findings.add('params/forbidden', {
        ...told,
        expected: 'nothing',
        actual: describeValue(value),
        message: `The contract rules parameter \`${field.name}\` out.`,
      });
    if (field.deprecated !== false)
      reportDeprecated(findings, 'deprecated/parameter', `parameter \`${field.name}\``, field.deprecated, told);
    if (typeof field.type !== 'boolean')
      checkSentValue(sent, field.type, value, `/${field.name}`, null, {}, `${operation.pointer}/params/${field.name}`);
  }
  for (const name of isJsonObject(body) ? Object.keys(body) : []) {
    if (operation.params.has(name)) continue;
    const near = didYouMean(name, operation.params.keys());
    findings.add('request-body/unknown-member', {
      where: 'request-body',
      pointer: `/${name}`,
      expected: 'a declared parameter',
      actual: `\`${name}\``,
      message: `The action has no parameter \`${name}\`; the server ignores it.`,
      ...(near === null ? {} : { hint: `Did you mean \`${near}\`?` }),
    });
  }
}
