/** The entity that contract, baseline and hand-written test all check. */
export const BOOK = {
  type: 'object',
  required: ['id', 'isbn', 'title', 'genre', 'addedAt'],
  properties: {
    id: { type: 'integer', minimum: -(2 ** 63), maximum: 2 ** 63 },
    isbn: { type: 'string', pattern: String.raw`^97[89]-\d{10}$` },
    title: { type: 'string', minLength: 1 },
    genre: { enum: ['FANTASY', 'HISTORY', 'POETRY', 'SCIENCE'] },
    addedAt: { type: 'integer', minimum: -(2 ** 63), maximum: 2 ** 63 },
  },
};
