/**
 * The one oracle: which method a request reaches. Verb, level, routing parameters and method header are looked up
 * together among the rows of METHODS; nothing else decides what a request means.
 *
 * Source: the routing of the open-source server; its table was executed cell by cell.
 */
import { METHOD_NAMES, profileOf, type Level, type MethodName, type RoutingParameter } from './methods.ts';
import { isMaskParameter } from './query.ts';

/** The facts of a request that decide its method. `header`: the value of `X-RestLi-Method`; null or '' when absent. */
export interface RoutingFacts {
  readonly verb: string;
  readonly level: Level;
  readonly parameters: Readonly<Record<RoutingParameter, boolean>>;
  readonly header: string | null;
}

/** Why no method answers: `combination`: verb, level and parameter meet no row; `header`: a row is met, but the header names another method; `action-verb`: `action` on a verb that is not POST. */
export interface RouteRefusal {
  readonly refused: 'combination' | 'header' | 'action-verb';
  readonly status: 400;
  /** The method that the same request would reach without its header, if any. */
  readonly without: MethodName | null;
}

export type Routed = { readonly method: MethodName } | RouteRefusal;

export const ROUTING_PARAMETERS: readonly RoutingParameter[] = ['ids', 'q', 'bq', 'action'];

/** Whether a parameter decides what a request is, or which fields it asks for: no method can have one of that name. */
export function isProtocolParameter(name: string): boolean {
  return isMaskParameter(name) || ROUTING_PARAMETERS.some((one) => one === name);
}

export const NO_ROUTING_PARAMETERS: Readonly<Record<RoutingParameter, boolean>> = {
  ids: false,
  q: false,
  bq: false,
  action: false,
};

/** The methods that share verb, level and parameter: the one reached without a header, and those reached by it. */
interface Cell {
  readonly plain: MethodName | null;
  readonly named: readonly MethodName[];
}

const CELLS = cellsOf();

/**
 * @returns the method, or why there is none; never throws. The header is compared without case and not trimmed
 */
export function route(facts: RoutingFacts): Routed {
  const verb = facts.verb.toUpperCase();
  const parameter = soleParameter(verb, facts.parameters);
  const cell = parameter === null ? undefined : CELLS.get(`${verb} ${facts.level} ${parameter}`);
  if (cell === undefined) {
    const refused = hasAction(verb, facts.parameters) && verb !== 'POST' ? 'action-verb' : 'combination';
    return { refused, status: 400, without: null };
  }

  if (facts.header === null || facts.header === '') {
    return cell.plain === null ? { refused: 'header', status: 400, without: null } : { method: cell.plain };
  }
  const header = facts.header.toUpperCase();
  const method = cell.named.find((name) => name === header);
  return method === undefined ? { refused: 'header', status: 400, without: cell.plain } : { method };
}

/** The parameter that counts, after what the server ignores; null if several are left. */
function soleParameter(verb: string, given: RoutingFacts['parameters']): RoutingParameter | 'none' | null {
  const action = hasAction(verb, given);
  const q = given.q && !(verb === 'POST' && given.action);
  const bq = given.bq && !(verb === 'GET' && given.q) && !(verb === 'POST' && given.action);

  const count = Number(given.ids) + Number(q) + Number(bq) + Number(action);
  if (count === 0) return 'none';
  if (count > 1) return null;
  return given.ids ? 'ids' : q ? 'q' : bq ? 'bq' : 'action';
}

/** A GET with a finder or batch finder ignores `action`. */
function hasAction(verb: string, given: RoutingFacts['parameters']): boolean {
  return given.action && !(verb === 'GET' && (given.q || given.bq));
}

function cellsOf(): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const name of METHOD_NAMES) {
    const { verb, at, parameter, headerSelects } = profileOf(name);
    for (const level of at === 'either' ? (['collection', 'entity'] as const) : [at]) {
      const id = `${verb} ${level} ${parameter}`;
      const { plain, named } = cells.get(id) ?? { plain: null, named: [] };
      cells.set(id, { plain: headerSelects ? plain : name, named: [...named, name] });
    }
  }
  return cells;
}
