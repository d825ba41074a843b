import type { Level, MethodName, RoutingParameter } from './methods.ts';

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
