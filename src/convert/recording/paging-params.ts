/** Parameters that ask for a part of a list; paging is a promise of its own, so they are none of the finder's. */
export const OFFSET_PARAMS: readonly string[] = ['start', 'count'];
export const CURSOR_PARAMS: readonly string[] = ['pageSize', 'pageToken'];
export const PAGING_PARAMS: readonly string[] = [...OFFSET_PARAMS, ...CURSOR_PARAMS];
