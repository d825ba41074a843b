// What the page can do with script; without it everything but the filter, the copy buttons and the requests of passing
// cases is there. Elements are built with textContent alone: no text of the run is ever read as markup.
'use strict';
const root = document.documentElement;
root.classList.add('js');
const byId = (id) => document.getElementById(id);
const say = (text) => {
  byId('said').textContent = text;
};

/** make('p.meta', 'text', child…): an element with its classes. */
const make = (what, ...children) => {
  const [tag, ...classes] = what.split('.');
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(' ');
  element.append(...children.filter((child) => child !== null && child !== ''));
  return element;
};
const prose = (parts) => parts.map(({ code, text }) => (code ? make('code', text) : text));

// Theme: the system's until the button is used; kept for this page only.
const dark = [...document.styleSheets[0].cssRules].find((rule) => rule.media?.mediaText.includes('color-scheme'));
const toggleTheme = () => {
  root.dataset.theme = matchMedia(dark.media.mediaText).matches ? 'light' : 'dark';
  dark.media.mediaText = root.dataset.theme === 'dark' ? 'all' : 'not all';
};
byId('theme').addEventListener('click', toggleTheme);

// Evidence: chunks are inflated when the first of their cases is opened.
const chunks = new Map();
const chunk = (number) => {
  if (!chunks.has(number)) chunks.set(number, inflate(byId(`e${number}`).textContent));
  return chunks.get(number);
};
const inflate = async (base64) => {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return JSON.parse(await new Response(stream).text());
};

const httpLines = (name, first, mark, headers) => {
  const pre = make(
    'pre.http',
    make(mark ? 'i.start.hit' : 'i.start', first, mark ? ' ' : '', mark ? make('em', mark) : '', '\n'),
  );
  for (const header of headers) {
    pre.append(
      make(
        header.mark ? 'i.hit' : 'i',
        make('u', header.name),
        `: ${header.value}`,
        header.mark ? make('em', header.mark) : '',
        '\n',
      ),
    );
  }
  pre.tabIndex = 0;
  pre.setAttribute('aria-label', name);
  pre.setAttribute('role', 'group');
  return pre;
};
const bodyLines = (body) => {
  if (body === null) return [];
  const marks = new Map(body.marks);
  const pre = make('pre.body');
  for (const part of body.parts) {
    if (part.before > 0) pre.append(make('i.gap', `… ${part.before} lines\n`));
    if (part.first === 0) continue;
    part.text.split('\n').forEach((text, index) => {
      const mark = marks.get(part.first + index);
      const line = make(mark ? 'i.hit' : 'i', text, mark ? ' ' : '', mark ? make('em', mark) : '', '\n');
      line.dataset.n = part.first + index;
      pre.append(line);
    });
  }
  pre.tabIndex = 0;
  pre.setAttribute('aria-label', 'Body');
  pre.setAttribute('role', 'group');
  return [make('p.size', body.note), pre];
};
const command = (label, text) => {
  const pre = make('pre', text);
  pre.tabIndex = 0;
  pre.setAttribute('aria-label', label);
  pre.setAttribute('role', 'group');
  const button = make('button.copy', 'Copy');
  button.type = 'button';
  return make('div.command', make('span.command-label', label), pre, button);
};
const outcome = (violation) => {
  const pair = (name, value, rest) =>
    make(
      `div.${name}`,
      make('dt', name),
      make('dd', value, rest ? make('details.rest', make('summary', 'the rest'), rest) : ''),
    );
  return make(
    'section.violation',
    make('h3', ...prose(violation.title)),
    make('p.meta', make('code', violation.rule), make('span.level', violation.level), make('code', violation.place)),
    make('p.message', ...prose(violation.message)),
    make(
      'div.outcome',
      make(
        'dl.versus',
        pair('expected', violation.expected, ''),
        pair('actual', violation.actual, violation.actualRest),
      ),
      violation.hint.length > 0 ? make('p.hint', make('b', 'To do'), ...prose(violation.hint)) : '',
    ),
  );
};
const answer = (label, one) =>
  make(
    'div.pane',
    make('h4', label),
    one.failure ? make('p.broken', make('b', one.status), ` ${one.failure}`) : '',
    one.answered ? httpLines(label, one.status, one.statusMark, one.responseHeaders) : '',
    ...bodyLines(one.responseBody),
  );
const exchange = (one) =>
  make(
    'section.exchange',
    make('h3', one.step || 'Exchange', ' ', make('span.time', one.time)),
    make(
      'div.panes',
      make(
        'div.pane',
        make('h4', 'Request'),
        httpLines('Request', one.line, '', one.requestHeaders),
        ...bodyLines(one.requestBody),
      ),
      answer('Response', one),
      one.baseline ? answer('Baseline', one.baseline) : '',
    ),
    command('curl', one.curl),
  );
const detail = (view) =>
  make(
    'div.detail.inside',
    make(
      'p.ids',
      make('code', view.id),
      view.contract ? make('span', view.contract) : '',
      view.reason ? make('span', view.reason) : '',
      make('span', `${view.checks} checks`),
    ),
    view.note ? make('p.message', view.note) : '',
    ...view.violations.map(outcome),
    ...view.exchanges.map(exchange),
    view.rerun ? command('Run again', view.rerun) : '',
    view.paste ? command('Paste', view.paste) : '',
  );

const toggleRow = async (row) => {
  const shown = row.querySelector('.detail');
  row.classList.toggle('opened', shown === null);
  row.setAttribute('aria-expanded', String(shown === null));
  if (shown !== null) {
    shown.remove();
    return;
  }
  const [number, index] = row.dataset.e.split('.');
  try {
    row.append(detail((await chunk(Number(number)))[Number(index)]));
  } catch (error) {
    row.append(make('div.detail.inside', `The requests of this case could not be read: ${error.message}`));
  }
};
// A list is made reachable by keyboard when it is opened, for 10,000 tab stops would slow the page down.
document.addEventListener(
  'toggle',
  (event) => {
    if (!event.target.classList?.contains('resource')) return;
    for (const row of event.target.querySelectorAll('li[data-e]')) {
      const head = row.children[1];
      head.tabIndex = 0;
      head.setAttribute('role', 'button');
    }
  },
  true,
);

// Filter: words are ANDed; the state is in the address, so it can be shared.
const box = byId('filter');
const lists = [...document.querySelectorAll('.resource')];
let rows = null;
const indexRows = () =>
  lists.flatMap((list) =>
    [...list.querySelectorAll('li')].map((row) => ({
      row,
      list,
      verdict: row.firstChild.textContent.split(' ')[1],
      method: row.querySelector('u').textContent.toLowerCase(),
      resource: list.dataset.name.toLowerCase(),
      rules: (row.dataset.r ?? '').toLowerCase(),
      text: `${list.dataset.name} ${row.textContent}`.toLowerCase(),
    })),
  );
const matcher = (word) => {
  const at = word.indexOf(':');
  const [name, value] = [word.slice(0, at), word.slice(at + 1)];
  if (name === 'verdict' || name === 'method') return (one) => one[name] === value;
  if (name === 'resource') return (one) => one.resource === value;
  if (name === 'rule') return (one) => one.rules.includes(value);
  return (one) => one.text.includes(word);
};
const applyFilter = () => {
  rows ??= indexRows();
  const words = box.value
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const tests = words.map(matcher);
  const matches = new Map(lists.map((list) => [list, 0]));
  let count = 0;
  for (const one of rows) {
    const matched = tests.every((test) => test(one));
    if (one.row.hidden === matched) one.row.hidden = !matched;
    if (!matched) continue;
    matches.set(one.list, matches.get(one.list) + 1);
    count += 1;
  }
  const kept = lists.filter((list) => matches.get(list) > 0);
  for (const list of lists) {
    list.hidden = words.length > 0 && matches.get(list) === 0;
    // Few matches are shown at once; of many the lists are enough.
    if (words.length > 0) list.open = matches.get(list) > 0 && (count <= 300 || kept.length === 1);
  }
  byId('nothing').hidden = count > 0 || rows.length === 0;
  byId('filter-count').textContent = words.length > 0 ? `${count} of ${rows.length}` : '';
};
let waiting = 0;
box.addEventListener('input', () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    history.replaceState(null, '', box.value === '' ? '#cases' : `#q=${encodeURIComponent(box.value)}`);
    applyFilter();
  }, 60);
});
const filterBy = (query) => {
  box.value = query;
  applyFilter();
  history.replaceState(null, '', `#q=${encodeURIComponent(query)}`);
  byId('cases').scrollIntoView();
};
byId('clear').addEventListener('click', () => {
  filterBy('');
  box.focus();
});

/** Opens what an address names: a filter, a failure, or a case in its list. */
const openTarget = () => {
  const hash = location.hash.slice(1);
  if (hash.startsWith('q=')) {
    try {
      filterBy(decodeURIComponent(hash.slice(2)));
    } catch {
      /* an address cut in the middle of an escape */
    }
    return;
  }
  const target = byId(hash);
  if (target === null) return;
  if (target.matches('details')) target.open = true;
  const list = target.closest('.resource');
  if (list !== null) list.open = true;
  if (target.matches('li[data-e]') && target.querySelector('.detail') === null) void toggleRow(target);
  target.scrollIntoView();
};
addEventListener('hashchange', openTarget);
openTarget();

const copy = async (pre) => {
  try {
    await navigator.clipboard.writeText(pre.textContent);
    say('Copied');
    return true;
  } catch {
    getSelection().selectAllChildren(pre);
    say('Selected; copy it with the keyboard');
    return false;
  }
};
const copyBeside = async (button) => {
  const copied = await copy(button.parentElement.querySelector('pre'));
  button.textContent = copied ? 'Copied' : 'Selected';
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 1500);
};
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-q]');
  if (link !== null && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    filterBy(link.dataset.q);
    return;
  }
  const button = event.target.closest('.command .copy');
  if (button !== null) void copyBeside(button);
  const row = event.target.closest('li[data-e]');
  if (row !== null && event.target.closest('.detail, a') === null && getSelection().isCollapsed) void toggleRow(row);
});

// Keys.
const help = byId('help');
byId('help-open').addEventListener('click', () => help.showModal());
byId('help-close').addEventListener('click', () => help.close());
const failing = [...document.querySelectorAll('.failure')];
let current = -1;
const step = (by) => {
  if (failing.length === 0) return;
  current = Math.min(failing.length - 1, Math.max(0, current + by));
  failing[current].querySelector('summary').focus();
  failing[current].scrollIntoView({ block: 'start' });
};
const keys = {
  '/': () => {
    box.focus();
    box.select();
  },
  j: () => step(1),
  k: () => step(-1),
  c: () => {
    const pre = (failing[current] ?? failing[0])?.querySelector('.exchange .command pre');
    if (pre) void copy(pre);
  },
  t: toggleTheme,
  '?': () => help.showModal(),
};
document.addEventListener('keydown', (event) => {
  const at = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || at.matches('input, textarea, select')) return;
  if (event.key === 'Enter' && at.matches('.rows [role="button"]')) {
    void toggleRow(at.parentElement);
    return;
  }
  if (!byId('keys-on').checked || help.open || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});
addEventListener('beforeprint', () =>
  failing.slice(0, 50).forEach((one) => {
    one.open = true;
  }),
);
