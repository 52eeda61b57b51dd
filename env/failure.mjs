/**
 * What set-up says when it cannot go on.
 *
 * A failure has four parts: what failed, what was found and what is required, the commands that mend it, and where to
 * read more. `code` tells kinds apart; the TypeScript side maps `mechanism` to MechanismCompileError and the rest to
 * EnvironmentError or InterruptedError.
 */

/**
 * @typedef {'environment' | 'network' | 'disk' | 'integrity' | 'compiler' | 'mechanism' | 'interrupted' | 'usage'} Code
 * @typedef {object} Parts
 * @property {Code} [code]
 * @property {string} what what failed, in one sentence
 * @property {string} [found] what was found
 * @property {string} [required] what is required
 * @property {readonly string[]} [mend] commands (or sentences) that mend it, the likeliest first
 * @property {string} [more] where to read more
 * @property {string} [file] the source file at fault
 * @property {number} [line] its line, counted from 1
 * @property {unknown} [cause]
 */

const READ_MORE = 'docs/setup.md, or `twincell doctor`';

/** An error of set-up, in four parts. */
export class SetupFailure extends Error {
  /** @param {Parts} parts */
  constructor(parts) {
    super(parts.what, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'SetupFailure';
    /** @type {Code} */
    this.code = parts.code ?? 'environment';
    this.found = parts.found;
    this.required = parts.required;
    this.mend = parts.mend ?? [];
    this.more = parts.more ?? READ_MORE;
    this.file = parts.file;
    this.line = parts.line;
  }

  /** The exit code a command ends with. */
  get exitCode() {
    if (this.code === 'interrupted') return 130;
    return this.code === 'mechanism' || this.code === 'usage' ? 2 : 3;
  }

  /** Everything but the first sentence: one remedy for the errors of `src/errors.ts`. */
  get remedy() {
    const lines = [];
    if (this.found !== undefined) lines.push(`found:    ${this.found}`);
    if (this.required !== undefined) lines.push(`required: ${this.required}`);
    this.mend.forEach((line, index) => {
      lines.push(`${index === 0 ? 'do:' : '   '}       ${line}`);
    });
    if (this.code !== 'interrupted') lines.push(`more:     ${this.more}`);
    return lines.join('\n');
  }

  /** The whole text, as a terminal shows it. */
  get text() {
    return `${this.message}\n${this.remedy.replace(/^/gm, '  ')}`;
  }
}

/**
 * Stops when asked to.
 * @param {AbortSignal | undefined} signal
 */
export function throwIfAborted(signal) {
  if (signal?.aborted) throw new SetupFailure({ code: 'interrupted', what: 'set-up was interrupted' });
}

/**
 * A full disk, told from the errors Node and the tools give.
 * @param {string} folder
 * @param {{ neededMb?: number, freeMb?: number }} [sizes]
 */
export function diskFull(folder, sizes = {}) {
  return new SetupFailure({
    code: 'disk',
    what: `There is not enough room on the disk that holds ${folder}.`,
    found: sizes.freeMb === undefined ? 'no space left on the device' : `${sizes.freeMb} MB free`,
    required: sizes.neededMb === undefined ? 'more free space' : `about ${sizes.neededMb} MB`,
    mend: [
      'npx twincell cache prune',
      'or choose another folder for the cache: export TWINCELL_CACHE=/a/folder/with/room',
    ],
  });
}

const NO_SPACE = /ENOSPC|EDQUOT|no space left|disk quota exceeded/i;
const NO_NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|dns error|name resolution|network is unreachable|connection (?:refused|reset|error|timed out)|error sending request|failed to establish a new connection|fetch failed|could not connect|tunnel|client error \(connect\)/i;

/**
 * Says what a tool's output means: a full disk, no network, or just that the tool failed.
 * @param {{ what: string, output: string, folder: string, mend?: readonly string[] }} context
 * @returns {SetupFailure}
 */
export function explain({ what, output, folder, mend }) {
  if (NO_SPACE.test(output)) return diskFull(folder);
  if (NO_NETWORK.test(output)) {
    return new SetupFailure({
      code: 'network',
      what: `${what} The package index could not be reached.`,
      found: tellingLine(output, NO_NETWORK),
      required: 'a connection to the package indexes that npm and pip are configured with (first use only)',
      mend: [
        'check the connection and the proxy settings (HTTPS_PROXY, `npm config get registry`, `pip config list`), then run the command again',
        'without a network: copy a filled cache folder from another machine of the same kind and set TWINCELL_CACHE to it',
      ],
    });
  }
  return new SetupFailure({
    what,
    found: tellingLine(output, /error|fail|ERR!|cannot|could not|caused by/i),
    required: 'this step ends without an error',
    mend: mend ?? ['run the command again; if it fails again, the lines above say where'],
  });
}

/** What npm adds after what it has to say. */
const POSTSCRIPT = /complete log of this run|npm help|^npm (?:error|ERR!)$/i;

/**
 * The last line that matches, else the last line.
 * @param {string} output
 * @param {RegExp} telling
 */
function tellingLine(output, telling) {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !POSTSCRIPT.test(line));
  return (lines.filter((line) => telling.test(line)).at(-1) ?? lines.at(-1) ?? 'no output').slice(0, 300);
}
