// Serves each set of headers on loopback and scans it with the Observatory's scanner.
//
// Arguments: the folder of the npm package, the key, the certificate. Reads one set a line on standard input, as
// {"headers": [name, value, ...], "http": "redirect" | "page" | "off"}, and writes one result a line.
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, createServer } from 'node:net';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [folder, key, cert] = process.argv.slice(2);
const { scan } = await import(`${folder}/node_modules/@mdn/mdn-http-observatory/src/scanner/index.js`);

let current;
const page = (response) => {
  response.writeHead(200, ['content-type', 'text/html', ...current.headers]);
  response.end('<!doctype html><title>page</title>');
};
const secure = createHttps({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => page(response));
const plain = createHttp((request, response) => {
  if (current.http === 'page') {
    page(response);
  } else {
    response.writeHead(301, { location: `https://${request.headers.host}${request.url}` });
    response.end();
  }
});
const listen = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
const ports = { secure: await listen(secure), plain: await listen(plain) };
// The scanner uses one port for both schemes: the first byte tells TLS from HTTP.
const both = createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', (bytes) => {
    const isTls = bytes[0] === 22;
    if (!isTls && current.http === 'off') {
      socket.destroy();
      return;
    }
    socket.pause();
    const server = connect(isTls ? ports.secure : ports.plain, '127.0.0.1', () => {
      server.write(bytes);
      server.pipe(socket).pipe(server);
    });
    server.on('error', () => socket.destroy());
  });
});
const port = await listen(both);

for await (const line of createInterface({ input: process.stdin })) {
  current = JSON.parse(line);
  const { scan: total, tests } = await scan(`127.0.0.1:${port}`);
  const results = Object.values(tests).map((test) => test.result);
  console.log(JSON.stringify({ grade: total.grade, score: total.score, results }));
}
process.exit(0);
