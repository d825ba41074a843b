/** What a method declares against what the protocol fixes: names that are taken, statuses, bodies. */
import { profileOf } from '../protocol/methods.ts';
import { isMaskParameter } from '../protocol/query.ts';
import { isProtocolParameter } from '../protocol/route.ts';
import type { Checking } from './checking.ts';
import type { Operation } from './contract.ts';

export function checkProtocol(checking: Checking, operation: Operation): void {
  checkNames(checking, operation);
  checkStatuses(checking, operation);
  const profile = profileOf(operation.method);
  const { body } = operation.request;
  // Some services read what comes with a DELETE; what comes with a GET, nobody may. Source: RFC 9110, 9.3.1.
  if (profile.verb === 'GET' && body !== null && body !== false) {
    checking.error(
      'request-body',
      `${operation.pointer}/request/body`,
      `a request of ${operation.method} has no body`,
      {
        part: 'name',
        fix: 'drop it: what the request says stands in its path and its query',
        see: 'methods',
      },
    );
  }
  const written = checking.writtenAt(operation.pointer);
  if (operation.finder !== null && written['criteria'] !== undefined) {
    checking.error(
      'finder-and-criteria',
      `${operation.pointer}/criteria`,
      `the members of a criterion are the \`params\` of the finder \`${operation.finder}\``,
      {
        part: 'name',
        fix: 'drop `criteria`, or drop `finder`',
        see: 'methods',
        related: [{ pointer: `${operation.pointer}/finder`, part: 'value', message: 'the finder' }],
      },
    );
  }
}

function checkNames(checking: Checking, operation: Operation): void {
  const profile = profileOf(operation.method);
  // Parameters of an action stand in its body, where every name is free.
  if (profile.sends === 'params') return;
  for (const name of operation.params.keys()) {
    const isList = profile.returns === 'collections' && name === operation.batchParam;
    if (!isProtocolParameter(name) && !isList) continue;
    const isOwn = name === profile.parameter || isMaskParameter(name) || isList;
    checking.error(
      'reserved-param',
      checking.fieldPlace(`${operation.pointer}/params`, name),
      isList ? `\`${name}\` is the list of criteria` : `\`${name}\` belongs to the protocol`,
      {
        part: 'name',
        fix: isOwn ? 'drop it: the method brings it' : 'name it otherwise: with it the request is another method',
        see: 'methods',
      },
    );
  }
  if (profile.returns !== 'collections' || !isProtocolParameter(operation.batchParam)) return;
  checking.error(
    'reserved-param',
    `${operation.pointer}/batchParam`,
    `\`${operation.batchParam}\` belongs to the protocol, so it cannot name the list of criteria`,
    { fix: 'name it otherwise; the usual name is `criteria`', see: 'methods' },
  );
}

/** Answers of these statuses carry no body. Source: RFC 9110, 15.3.5 and 15.3.6. */
const BODILESS = new Set([204, 205]);

function checkStatuses(checking: Checking, operation: Operation): void {
  const profile = profileOf(operation.method);
  const hasBody = !['none', 'created', 'value'].includes(profile.returns);
  const places = new Map<number, string>();
  for (const response of operation.responses) {
    const written = checking.writtenAt(response.pointer)['status'];
    // Statuses that the profile supplies are right by themselves; so are those taken from the single method.
    if (written === undefined || !response.pointer.startsWith(`${operation.pointer}/response`)) continue;
    response.status.forEach((status, index) => {
      const at = `${response.pointer}/status${typeof written === 'number' ? '' : `/${index}`}`;
      const first = places.get(status);
      if (status < 200 || status >= 300) {
        checking.error('status-no-success', at, `${status} is no success`, {
          fix: status >= 400 ? `write it into \`errors: { ${status}: … }\`` : 'write a status from 200 to 299',
          see: 'methods',
        });
      } else if (BODILESS.has(status) && hasBody && response.body === null) {
        checking.error(
          'status-without-body',
          at,
          `an answer ${status} has no body, and ${operation.method} answers with one`,
          {
            fix: `write ${profile.ok[0] ?? 200}, or \`body: false\` if it answers nothing`,
            see: 'methods',
          },
        );
      } else if (first !== undefined) {
        checking.error(
          'status-twice',
          at,
          `a second response with the status ${status}, by which they are told apart`,
          {
            fix: 'join them, or give each its own status',
            see: 'methods',
            related: [{ pointer: first, part: 'value', message: 'the first' }],
          },
        );
      }
      if (first === undefined) places.set(status, at);
    });
  }
}
