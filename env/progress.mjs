/** Progress of set-up for people: one line that changes on a terminal, plain lines elsewhere. */

const WIDTH = 24;

/**
 * A report that writes to a stream (standard error, since standard output belongs to results). A step that is ready
 * already says nothing: set-up with nothing to do is silent.
 * @param {NodeJS.WriteStream} [stream]
 * @returns {import('./build.mjs').Report}
 */
export function terminalReport(stream = process.stderr) {
  let last = '';
  /** @param {string} text */
  const plain = (text) => {
    if (text !== last) stream.write(`${text}\n`);
    last = text;
  };
  /** @param {string} text */
  const over = (text) => {
    const room = (stream.columns ?? 80) - 1;
    stream.write(`\r\x1b[K${text.slice(0, room)}`);
  };
  return ({ step, state, done, total, message }) => {
    if (state === 'skip') return;
    const title = `set-up: ${step}`;
    if (state === 'done') {
      if (stream.isTTY) stream.write('\r\x1b[K');
      plain(`${title}: ready`);
      return;
    }
    if (state === 'start') {
      if (stream.isTTY) over(title);
      else plain(`${title} …`);
      return;
    }
    const share = done !== undefined && total !== undefined && total > 0 ? done / total : undefined;
    if (stream.isTTY) over(`${title} ${share === undefined ? '' : bar(share)} ${message ?? ''}`.trimEnd());
    else if (share === undefined) plain(`${title}: ${message ?? '…'}`);
    else if (share >= 1) plain(`${title}: 100 %`);
    else plain(`${title}: ${Math.floor(share * 4) * 25} %`);
  };
}

/** @param {number} share */
function bar(share) {
  const full = Math.round(Math.min(1, share) * WIDTH);
  return `[${'#'.repeat(full)}${' '.repeat(WIDTH - full)}] ${Math.round(share * 100)} %`;
}
