/** What pip is configured with, as uv and the download of model files are told it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { indexSettings, uvVariables } from '../../env/settings.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twincell-settings-'));
  for (const name of Object.keys(process.env)) {
    if (/^(?:PIP_|UV_|SSL_CERT|XDG_|VIRTUAL_ENV$|(?:https?|all)_proxy$)/i.test(name)) vi.stubEnv(name, undefined);
  }
  vi.stubEnv('HOME', folder);
  vi.stubEnv('XDG_CONFIG_HOME', join(folder, 'none'));
  vi.stubEnv('XDG_CONFIG_DIRS', join(folder, 'none'));
  vi.stubEnv('PIP_CONFIG_FILE', join(folder, 'pip.conf'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const CONFIGURATION = `
# a laboratory's mirror
[global]
index-url = https://user:secret@mirror.example/simple
extra-index-url =
    https://one.example/simple
    https://two.example/simple
cert: /certificates/lab.pem
proxy = http://proxy.example:3128
[install]
find-links = /wheels /more-wheels
[list]
format = columns
`;

describe('a pip.conf', () => {
  beforeEach(() => writeFileSync(join(folder, 'pip.conf'), CONFIGURATION));

  it('becomes uv’s variables', () => {
    expect(uvVariables()).toEqual({
      UV_DEFAULT_INDEX: 'https://user:secret@mirror.example/simple',
      UV_INDEX: 'https://one.example/simple https://two.example/simple',
      UV_FIND_LINKS: '/wheels,/more-wheels',
      SSL_CERT_FILE: '/certificates/lab.pem',
      HTTPS_PROXY: 'http://proxy.example:3128',
      HTTP_PROXY: 'http://proxy.example:3128',
    });
  });

  it('is weaker than pip’s variables', () => {
    vi.stubEnv('PIP_INDEX_URL', 'https://other.example/simple');
    expect(indexSettings().index).toBe('https://other.example/simple');
    expect(indexSettings().extra).toHaveLength(2);
  });

  it('leaves alone what uv was told itself', () => {
    vi.stubEnv('UV_DEFAULT_INDEX', 'https://uv.example/simple');
    vi.stubEnv('UV_INDEX', 'lab=https://three.example/simple');
    const variables = uvVariables();
    expect(variables).not.toHaveProperty('UV_DEFAULT_INDEX');
    expect(variables).not.toHaveProperty('UV_INDEX');
    expect(indexSettings()).toMatchObject({
      index: 'https://uv.example/simple',
      extra: ['https://three.example/simple'],
    });
  });
});

describe('no configuration', () => {
  it('tells uv nothing and names no index', () => {
    vi.stubEnv('PIP_CONFIG_FILE', '/dev/null'); // pip's own word for: read no file at all
    expect(uvVariables()).toEqual({});
    expect(indexSettings()).toMatchObject({ index: undefined, extra: [], findLinks: [], noIndex: false });
  });
});
