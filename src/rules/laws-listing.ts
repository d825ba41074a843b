/** Laws of lists: what a page says of itself and its neighbours, and what finders may show. */
import { exchanges, list, page, read, book, type ExampleExchange } from './law-examples.ts';
import type { Rule } from './rule.ts';
import { SOURCES } from './sources.ts';

const TIDES = book(1, 'Tides');
const DOORS = book(2, 'Doors');

/** A page of one, of two books, found by genre; `links` as text. */
const found = (start: number, links: string): ExampleExchange =>
  read(
    'FINDER',
    `/books?q=search&genre=POETRY&start=${start}&count=1`,
    list([start === 0 ? TIDES : DOORS], `,"paging":{"start":${start},"count":1,"total":2,"links":[${links}]}`),
  );
const link = (rel: string, query: string): string =>
  `{"rel":"${rel}","type":"application/json","href":"/books?${query}"}`;
const NEXT = link('next', 'q=search&genre=POETRY&start=1&count=1');
const PREVIOUS = link('prev', 'q=search&genre=POETRY&start=0&count=1');

export const listingLaws: readonly Rule[] = [
  {
    id: 'laws/next-page-is-linked',
    level: 'must',
    levelIn: { linkedin: 'should' },
    title: 'A page links the next one as long as there is one',
    why: 'A client that follows links ends where no link leads on.',
    consequence: 'The rest of the list is never seen, or the client asks for empty pages without end.',
    fix: 'Link `next` while `start` + the elements of the page are below the total, and no further.',
    source: SOURCES.paging,
    keeps: exchanges(found(0, NEXT)),
    breaks: exchanges(found(0, '')),
  },
  {
    id: 'laws/previous-page-is-linked',
    level: 'must',
    levelIn: { linkedin: 'should' },
    title: 'A page that does not begin the list links the one before it',
    why: 'A client that follows links goes back by them.',
    consequence: 'A user who came in the middle of a list cannot go back to its beginning.',
    fix: 'Link `prev` wherever `start` is above 0, and nowhere else.',
    source: SOURCES.paging,
    keeps: exchanges(found(1, PREVIOUS)),
    breaks: exchanges(found(1, '')),
  },
  {
    id: 'laws/links-keep-the-query',
    level: 'must',
    title: 'The links of a page ask for the same list',
    why: 'A link changes `start` and nothing else; finder, filter and projection belong to the list.',
    consequence: 'A client that follows a link goes on in another list, and its pages look like a whole.',
    fix: 'Make the link of the query of the request, with `start` replaced.',
    source: SOURCES.paging,
    keeps: exchanges(found(0, NEXT)),
    breaks: exchanges(found(0, link('next', 'start=1&count=1'))),
  },
  {
    id: 'laws/links-keep-the-count',
    level: 'must',
    title: 'The links of a page ask for pages of the same length',
    why: 'The client chose the length of its pages.',
    consequence: 'Pages grow or shrink on the way; a client that counts on by its own length skips elements.',
    fix: 'Repeat the `count` of the request in the link.',
    source: SOURCES.paging,
    keeps: exchanges(found(0, NEXT)),
    breaks: exchanges(found(0, link('next', 'q=search&genre=POETRY&start=1&count=50'))),
  },
  {
    id: 'laws/default-page-is-as-declared',
    level: 'must',
    title: 'A list asked for no page answers the one that it declares',
    why: '`paging.count` is what a client counts on by where it did not choose a count.',
    consequence: 'A client that adds the declared size to `start` skips elements or repeats them.',
    fix: 'Answer `start` 0 and the declared `size`, or declare the size that is answered.',
    source: SOURCES.paging,
    keeps: { ...exchanges(read('GET_ALL', '/prints', list([], page(0, 5)))), contract: 'prints' },
    breaks: { ...exchanges(read('GET_ALL', '/prints', list([], page(0, 7)))), contract: 'prints' },
  },
  {
    id: 'laws/found-is-listed',
    level: 'should',
    title: 'What a finder finds, the list of all shows',
    why: 'A finder chooses among the entities of the resource, all of which GET_ALL lists.',
    consequence: 'A client that copies the whole list misses entities which it can find.',
    fix: 'Let both see the same entities, or say which ones GET_ALL leaves out.',
    source: SOURCES.methods,
    keeps: exchanges(read('FINDER', '/books?q=search', list([TIDES])), read('GET_ALL', '/books', list([TIDES, DOORS]))),
    breaks: exchanges(read('FINDER', '/books?q=search', list([TIDES])), read('GET_ALL', '/books', list([DOORS]))),
  },
];
