/** Laws of actions. What each examines is in `laws/`. */
import { request, response } from './http-text.ts';
import { book, exchanges, found, type ExampleExchange } from './law-examples.ts';
import type { Rule } from './rule.ts';
import { SOURCES } from './sources.ts';

const TIDES = book(1, 'Tides', ',"shelf":"A"');
const BARE = book(1, 'Tides');

const price = (body: string, value: string): ExampleExchange => ({
  request: request('ACTION', 'POST /books/1?action=price', body),
  response: response(200, `{"value":${value}}`),
});
const count = (body: string | null, status = 200): ExampleExchange => ({
  request: request('ACTION', 'POST /books?action=count', body),
  response: response(status, status === 200 ? '{"value":3}' : '{"status":400}'),
});
const PRICED = price('{"copies":2}', '9.0');

export const actingLaws: readonly Rule[] = [
  {
    id: 'laws/read-only-action-writes-nothing',
    level: 'must',
    title: 'An action that is declared `readOnly` changes no entity',
    why: 'Every action is a POST: the declaration is all that tells which may be repeated, and run where nothing may be written.',
    consequence: 'Clients repeat, prefetch and test the action as a harmless one, and data changes under them.',
    fix: 'Take the write out of the action, or drop `readOnly` from its declaration.',
    source: SOURCES.contract,
    keeps: exchanges(found(1, TIDES), found(1, TIDES), PRICED, found(1, TIDES)),
    breaks: exchanges(found(1, TIDES), found(1, TIDES), PRICED, found(1, BARE)),
  },
  {
    id: 'laws/action-parameters-have-no-order',
    level: 'must',
    title: "The order of an action's parameters means nothing",
    why: 'They are members of a JSON object, at every depth: named, not numbered.',
    consequence: 'A client whose library writes the members in another order reaches the action with other values.',
    fix: 'Look parameters and the members of records up by their names.',
    source: SOURCES.json,
    keeps: exchanges(price('{"copies":2,"currency":"USD"}', '9.9'), price('{"currency":"USD","copies":2}', '9.9')),
    breaks: exchanges(price('{"copies":2,"currency":"USD"}', '9.9'), price('{"currency":"USD","copies":2}', '9.0')),
  },
  {
    id: 'laws/action-defaults-stand-in',
    level: 'must',
    title: 'A parameter that is left out counts as its default',
    why: 'The default is part of the interface: clients leave the parameter out because of it.',
    consequence: 'Clients that rely on the documented default get another answer than those that send it.',
    fix: 'Put the default in before the action runs, or declare the one that holds.',
    source: SOURCES.server,
    keeps: exchanges(price('{"copies":2,"currency":"EUR"}', '9.0'), PRICED),
    breaks: exchanges(price('{"copies":2,"currency":"EUR"}', '9.0'), price('{"copies":2}', '0.0')),
  },
  {
    id: 'laws/action-needs-no-body',
    level: 'must',
    title: 'An action without parameters to send needs no body',
    why: 'Where every parameter may be left out, no body says the same as an empty object.',
    consequence: 'Clients that send no empty body, and gateways that drop it, are refused.',
    fix: 'Read a missing body as an object without members.',
    source: SOURCES.methods,
    keeps: exchanges(count('{}'), count(null)),
    breaks: exchanges(count('{}'), count(null, 400)),
  },
];
