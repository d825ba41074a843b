/** Query tunnelling, built wrongly. */
import { HEADERS } from '../protocol/headers.ts';
import { profileOf } from '../protocol/methods.ts';
import type { Refusal, WireRequest } from '../protocol/request.ts';
import { headerOf } from '../transport/exchange.ts';
import type { Findings } from './findings.ts';
import { namedMethod } from './request-headers.ts';

/** What spoils everything that follows; null: nothing. */
export type TunnelFault = 'malformed' | 'override' | 'unmarked' | null;

/** Judges whether a tunnel is one, and whether its verb is that of the method named. */
export function checkTunnel(findings: Findings, wire: WireRequest, refusal: Refusal | null): TunnelFault {
  const override = headerOf(wire.headers, HEADERS.override);
  if (override === null) {
    const type = headerOf(wire.headers, HEADERS.contentType) ?? '';
    const isForm = /^application\/x-www-form-urlencoded/i.test(type);
    if (wire.verb.toUpperCase() !== 'POST' || wire.body === null || !(isForm || /^multipart\/mixed/i.test(type)))
      return null;
    findings.add('tunnel/without-override', {
      where: 'request-header',
      header: HEADERS.override,
      expected: `${HEADERS.override}: the original verb`,
      actual: 'nothing',
      message: `The body is a ${isForm ? 'form' : 'multipart'}, as a tunnel has it, and ${HEADERS.override} is missing.`,
    });
    return 'unmarked';
  }
  findings.checks += 1;
  if (refusal?.reason === 'tunnel-malformed') {
    findings.add('tunnel/malformed', {
      where: refusal.at.part === 'header' ? 'request-header' : 'request-body',
      expected: 'a POST whose body is a form, or a multipart of form and body',
      actual: headerOf(wire.headers, HEADERS.contentType) ?? 'no Content-Type',
      message: `The tunnel cannot be read: ${refusal.message}.`,
    });
    return 'malformed';
  }

  const method = namedMethod(headerOf(wire.headers, HEADERS.method) ?? '');
  if (method === null) return null;
  const { verb } = profileOf(method);
  if (verb === override.toUpperCase()) return null;
  findings.add('tunnel/override-contradicts', {
    where: 'request-header',
    header: HEADERS.override,
    expected: `${HEADERS.override}: ${verb}`,
    actual: override,
    message: `${HEADERS.method} says ${method}, which is a ${verb}; the tunnel says ${override}.`,
  });
  return 'override';
}
