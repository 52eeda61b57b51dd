/**
 * The user's package index settings, as pip has them.
 *
 * uv reads no pip.conf, so what pip is configured with is handed to it by its own variables, unless the user set those.
 * pip's files are read here and not by running pip: a system's Python often comes without it.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * @typedef {object} IndexSettings
 * @property {string | undefined} index the main index, if one is configured
 * @property {string[]} extra further indexes
 * @property {string[]} findLinks folders (or pages) with archives
 * @property {string | undefined} cert a file of certificates
 * @property {string | undefined} proxy
 * @property {string[]} trusted hosts whose certificates are not checked
 * @property {boolean} noIndex
 */

/** @returns {IndexSettings} */
export function indexSettings() {
  const env = process.env;
  const pip = pipSettings();
  const extra = [...words(env.UV_INDEX).map(withoutName), ...words(env.UV_EXTRA_INDEX_URL)];
  return {
    index: env.UV_DEFAULT_INDEX || env.UV_INDEX_URL || pip.get('index-url'),
    extra: extra.length > 0 ? extra : words(pip.get('extra-index-url')),
    findLinks: env.UV_FIND_LINKS ? env.UV_FIND_LINKS.split(',') : words(pip.get('find-links')),
    cert: env.SSL_CERT_FILE || pip.get('cert'),
    proxy: env.HTTPS_PROXY || env.https_proxy || env.ALL_PROXY || env.all_proxy || pip.get('proxy'),
    trusted: env.UV_INSECURE_HOST ? words(env.UV_INSECURE_HOST) : words(pip.get('trusted-host')),
    noIndex: /^(1|true|yes|on)$/i.test(env.UV_NO_INDEX ?? pip.get('no-index') ?? ''),
  };
}

/**
 * The same settings in uv's variables; those the user set stay.
 * @returns {Record<string, string>}
 */
export function uvVariables() {
  const settings = indexSettings();
  /** @type {Record<string, string | undefined>} */
  const wanted = {
    UV_FIND_LINKS: settings.findLinks.join(',') || undefined,
    UV_NO_INDEX: settings.noIndex ? '1' : undefined,
    UV_INSECURE_HOST: settings.trusted.join(' ') || undefined,
    SSL_CERT_FILE: settings.cert,
    HTTPS_PROXY: settings.proxy,
    HTTP_PROXY: process.env.HTTP_PROXY ?? process.env.http_proxy ?? settings.proxy,
  };
  if (!process.env.UV_INDEX_URL) wanted.UV_DEFAULT_INDEX = settings.index;
  if (!process.env.UV_EXTRA_INDEX_URL) wanted.UV_INDEX = settings.extra.join(' ') || undefined;
  const variables = /** @type {Record<string, string>} */ ({});
  for (const [name, value] of Object.entries(wanted)) {
    if (value !== undefined && !process.env[name]) variables[name] = value;
  }
  return variables;
}

/**
 * pip's options by their long names: files first, then variables, later ones winning.
 * @returns {Map<string, string>}
 */
export function pipSettings() {
  const settings = new Map();
  for (const file of pipFiles()) {
    for (const [name, value] of readIni(file)) settings.set(name, value);
  }
  for (const [variable, value] of Object.entries(process.env)) {
    if (variable.startsWith('PIP_') && value) settings.set(variable.slice(4).toLowerCase().replaceAll('_', '-'), value);
  }
  return settings;
}

/** pip's configuration files, the weakest first. */
function pipFiles() {
  const env = process.env;
  if (env.PIP_CONFIG_FILE === '/dev/null') return [];
  const home = homedir();
  const name = process.platform === 'win32' ? 'pip.ini' : 'pip.conf';
  const files = (env.XDG_CONFIG_DIRS || '/etc/xdg').split(delimiter).map((folder) => join(folder, 'pip', name));
  files.push(join('/etc', name), join(home, '.pip', name));
  if (process.platform === 'darwin') files.push(join(home, 'Library', 'Application Support', 'pip', name));
  if (process.platform === 'win32') files.push(join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'pip', name));
  files.push(join(env.XDG_CONFIG_HOME || join(home, '.config'), 'pip', name));
  if (env.VIRTUAL_ENV) files.push(join(env.VIRTUAL_ENV, name));
  if (env.PIP_CONFIG_FILE) files.push(env.PIP_CONFIG_FILE);
  return files;
}

/**
 * The options of the sections that concern downloads. Lines that begin with a blank go on with the value before.
 * @param {string} file
 * @returns {[string, string][]}
 */
function readIni(file) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  /** @type {[string, string][]} */
  const options = [];
  let wanted = false;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const section = /^\[(.+)\]\s*$/.exec(line);
    const option = /^([\w-]+)\s*[=:]\s*(.*)$/.exec(line);
    const last = options.at(-1);
    if (section !== null) wanted = /^(?:global|install|download)$/.test(section[1] ?? '');
    else if (!wanted) continue;
    else if (option !== null) options.push([(option[1] ?? '').toLowerCase(), (option[2] ?? '').trim()]);
    else if (last !== undefined && /^\s/.test(line)) last[1] = `${last[1]} ${line.trim()}`.trim();
  }
  return options;
}

/** @param {string | undefined} text */
function words(text) {
  return (text ?? '').split(/[\s]+/).filter((word) => word !== '');
}

/** uv's `name=https://…` without the name. @param {string} index */
function withoutName(index) {
  return index.replace(/^[\w-]+=(?=[a-z]+:)/, '');
}
