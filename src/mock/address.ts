/**
 * Where the mock is found: what `mock` listens on untold, and the name under which the embedded endpoint of a run is
 * written down. That one listens on whatever port is free; shown is the address at which its requests can be repeated.
 */

export const MOCK_HOST = '127.0.0.1';
export const MOCK_PORT = 8080;
export const MOCK_ORIGIN = `http://${MOCK_HOST}:${MOCK_PORT}`;
