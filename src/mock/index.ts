export { createInProcess } from './in-process.ts';
export { createMock, SESSION_HEADER, type Mock, type MockOptions } from './mock.ts';
export { serveContract, serveContracts, ServeError, serveMock, type Served, type ServeOptions } from './server.ts';
export { FAULTS, type Fault } from './faults.ts';
export type { Mode } from './call.ts';
