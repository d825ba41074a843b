// A bare endpoint for the bench: GET /books/{id} answers an entity, nothing else is looked at.
// Prints its port; ends with its parent.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const id = request.url.slice(request.url.lastIndexOf('/') + 1);
  const body = `{"id":${id},"isbn":"978-0000000001","title":"The Long Tide","genre":"FANTASY","addedAt":1760000000000}`;
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'X-RestLi-Protocol-Version': '2.0.0',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on('end', () => process.exit(0)).resume();
