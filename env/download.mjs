/**
 * Fetches one file of a source distribution from a Python package index; a program of its own, run by Node 24.
 *
 * It is a separate process because certificates and proxies are settings of a whole process (NODE_EXTRA_CA_CERTS,
 * NODE_USE_ENV_PROXY) that a library has no right to change in its caller. It speaks lines of JSON on standard output:
 * `{done, total}` while it fetches, then `{sha256}`, or `{error, network}`.
 *
 * Usage: node download.mjs '{"project", "file", "sha256", "indexes": […], "into"}'
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * @typedef {{ project: string, file: string, sha256: string, indexes: string[], into: string }} Job
 */

const ACCEPT = 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1';

/** @param {Record<string, unknown>} message */
function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/**
 * A request with the credentials of a URL like `https://user:password@host/` in a header, as pip sends them.
 * @param {string} address
 * @param {Record<string, string>} [headers]
 */
async function get(address, headers = {}) {
  const url = new URL(address);
  const credentials =
    url.username === '' ? undefined : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  const authorization =
    credentials === undefined ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  const response = await fetch(url, { headers: { ...headers, ...authorization } });
  if (!response.ok || response.body === null)
    throw new Error(`${url.host} answered ${response.status} for ${url.pathname}`);
  return { body: response.body, response };
}

/**
 * Where an index says the file is: PEP 691 (JSON) or PEP 503 (HTML).
 * @param {string} index
 * @param {Job} job
 */
async function locate(index, job) {
  const page = `${index.replace(/\/+$/, '')}/${job.project}/`;
  const { response } = await get(page, { accept: ACCEPT });
  const base = withCredentialsOf(page, response.url || page);
  const text = await response.text();
  if ((response.headers.get('content-type') ?? '').includes('json')) {
    const file = JSON.parse(text).files?.find(
      (/** @type {{ filename: string }} */ entry) => entry.filename === job.file,
    );
    return file === undefined ? undefined : sameOrigin(base, new URL(file.url, base));
  }
  for (const [, address = ''] of text.matchAll(/<a\s[^>]*href\s*=\s*["']([^"']+)["']/gi)) {
    const url = new URL(address.replaceAll('&amp;', '&'), base);
    if (decodeURIComponent(url.pathname).endsWith(`/${job.file}`)) return sameOrigin(base, url);
  }
  return undefined;
}

/** @param {string} from @param {string} to */
function withCredentialsOf(from, to) {
  return sameOrigin(from, new URL(to)).href;
}

/** Credentials go on only to the host they were given for. @param {string} from @param {URL} to */
function sameOrigin(from, to) {
  const source = new URL(from);
  if (source.host === to.host && to.username === '') {
    to.username = source.username;
    to.password = source.password;
  }
  return to;
}

/** @param {URL} url @param {Job} job */
async function download(url, job) {
  const { body, response } = await get(url.href);
  const total = Number(response.headers.get('content-length') ?? 0);
  const hash = createHash('sha256');
  let done = 0;
  let told = 0;
  const count = new Transform({
    transform(chunk, _encoding, next) {
      hash.update(chunk);
      done += chunk.length;
      if (done - told > 2 ** 20) {
        told = done;
        say({ done, total });
      }
      next(null, chunk);
    },
  });
  await pipeline(
    Readable.fromWeb(/** @type {import('node:stream/web').ReadableStream} */ (body)),
    count,
    createWriteStream(job.into),
  );
  say({ sha256: hash.digest('hex') });
}

/** @param {unknown} error @returns {string} */
function describe(error) {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = /** @type {NodeJS.ErrnoException | undefined} */ (error)?.code;
  const text = error instanceof Error ? `${error.message}${code === undefined ? '' : ` (${code})`}` : String(error);
  return cause === undefined ? text : `${text}: ${describe(cause)}`;
}

/** @param {Job} job */
async function main(job) {
  /** @type {string[]} */
  const answers = [];
  for (const index of job.indexes) {
    try {
      const url = await locate(index, job);
      if (url !== undefined) return await download(url, job);
      answers.push(`${new URL(index).host} has no ${job.file}`);
    } catch (error) {
      answers.push(describe(error));
    }
  }
  say({ error: answers.join('; ') || 'no index is configured' });
  process.exitCode = 1;
}

await main(JSON.parse(process.argv[2] ?? '{}'));
