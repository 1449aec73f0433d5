import { existsSync, readFileSync } from 'node:fs';
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { createRequire } from 'node:module';

// What Docker runs to know whether the service in this container is healthy: `node health.js registry` or `member`.
// It asks /health over the container's own network, and ends with 0 when the answer is 200.
const { parse } = createRequire('/app/service/package.json')('yaml');
const service = process.argv[2];
const file = `/app/config/${service}.yaml`;
const settings = (existsSync(file) && parse(readFileSync(file, 'utf8'))?.[service]) || {};

const port =
  process.env.NETRING_SERVER_PORT || settings.server?.port || (service === 'registry' ? 8756 : 8757);
const listensOn = process.env.NETRING_SERVER_HOST || settings.server?.host || '0.0.0.0';
const host = listensOn === '0.0.0.0' || listensOn === '::' ? '127.0.0.1' : listensOn;
const isSecure = Boolean(process.env.NETRING_TLS_CERT || settings.tls?.cert);

// Nothing secret is sent, and nobody else is asked: whether the certificate is good is for those outside.
const options = { host, port, path: '/health', rejectUnauthorized: false, timeout: 4000 };
const request = (isSecure ? getHttps : getHttp)(options, (response) => {
  response.resume().on('end', () => {
    if (response.statusCode !== 200) fail(`/health answers ${response.statusCode}`);
  });
});
request.on('timeout', () => request.destroy(new Error('no answer within 4 s')));
request.on('error', (error) => fail(error.message));

function fail(reason) {
  process.stdout.write(`${reason}\n`);
  process.exitCode = 1;
}
