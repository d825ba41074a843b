/** Laws of values: entities made from the schema are stored as they were sent. What each examines is in `laws/`. */
import { book, created, exchanges, found, sentBook } from './law-examples.ts';
import type { Rule, RuleExample } from './rule.ts';
import { SOURCES } from './sources.ts';

/** A book that is created with a further member, and read with that member as the second argument has it. */
const stored = (sent: string, answered: string): RuleExample =>
  exchanges(created(1, sentBook('Tides', `,${sent}`)), found(1, book(1, 'Tides', answered)));

const LIBRARY = '"owner":{"library":7}';
const NO_SHELF = '"shelf":""';
const NO_AUTHORS = '"authors":[]';
const SOLD = '"sold":9007199254740993';
const TITLES = String.raw`"titles":{"pt/br (old)":"Mar\u00e9s","a%41":"Waves"}`;

/**
 * Services of LinkedIn's have rules of their own for what a text or a list holds, and no page of theirs promises that
 * it comes back letter by letter; digits that change are a fault wherever it happens.
 */
const IN_LINKEDIN = { linkedin: 'should' } as const;

export const valueLaws: readonly Rule[] = [
  {
    id: 'laws/values-are-kept',
    level: 'must',
    levelIn: IN_LINKEDIN,
    title: 'What the schema allows is stored as it was sent',
    why: 'The schema is all that a client knows of what it may send: each member of a union and each symbol is as good as the others.',
    consequence: 'An entity that was accepted is another one when it is read, and no answer said so.',
    fix: 'Store every value that the schema allows, or refuse it; name in the contract what the server sets itself (`readOnly`).',
    source: SOURCES.methods,
    keeps: stored(LIBRARY, `,${LIBRARY}`),
    breaks: stored(LIBRARY, ''),
  },
  {
    id: 'laws/empty-texts-are-kept',
    level: 'must',
    levelIn: IN_LINKEDIN,
    title: 'An empty text is a value, and no absent member',
    why: 'A member that is there and empty says something else than one that is not there.',
    consequence: 'Clients that clear a text find none, or get back the one that the server takes for it.',
    fix: 'Store the empty text; refuse it, and say so in the schema (`minLength: 1`), where it means nothing.',
    source: SOURCES.methods,
    keeps: stored(NO_SHELF, `,${NO_SHELF}`),
    breaks: stored(NO_SHELF, ''),
  },
  {
    id: 'laws/empty-lists-are-kept',
    level: 'must',
    levelIn: IN_LINKEDIN,
    title: 'An empty list or map is a value, and no absent member',
    why: 'A list without items is known to be empty; of an absent one nothing is known.',
    consequence: 'Clients that read the list fail where it is missing, or take what they know to be empty for unknown.',
    fix: 'Store and answer the empty list; refuse it, and say so in the schema (`minItems: 1`), where it means nothing.',
    source: SOURCES.methods,
    keeps: stored(NO_AUTHORS, `,${NO_AUTHORS}`),
    breaks: stored(NO_AUTHORS, ''),
  },
  {
    id: 'laws/long-numbers-are-kept',
    level: 'must',
    title: 'A long keeps all its digits',
    why: 'A `long` has 64 bits; what reads JSON numbers as doubles keeps 53 of them.',
    consequence: 'Ids and amounts that differ in their last digits become the same.',
    fix: 'Read and write integers as integers, in every part that the entity passes: server, gateway, store.',
    source: SOURCES.methods,
    keeps: stored(SOLD, `,${SOLD}`),
    breaks: stored(SOLD, ',"sold":9007199254740992'),
  },
  {
    id: 'laws/names-in-maps-are-kept',
    level: 'must',
    levelIn: IN_LINKEDIN,
    title: 'The names in a map are data, whatever characters they hold',
    why: 'A map takes any text as the name of an entry; in a JSON body only JSON’s own escapes mean something.',
    consequence: 'Entries are lost, or found under another name.',
    fix: 'Store names as they are; decode nothing in a body that JSON does not.',
    source: SOURCES.json,
    keeps: stored(TITLES, `,${TITLES}`),
    breaks: stored(TITLES, `,${TITLES.replace('a%41', 'aA')}`),
  },
];
