/** What NEURON's translator, the C++ compiler and the linker print, as complaints. */

/** One thing a tool said. */
export interface Complaint {
  readonly stage: 'translate' | 'compile' | 'link';
  readonly message: string;
  /** The line of code it shows: C++, or for the translator NMODL. */
  readonly code: string | null;
  /** The line's number, in the C++ (`compile`) or in the mechanism file (`translate`), where it says one. */
  readonly line: number | null;
  readonly column: number | null;
}

/** nocmodl: one complaint or a chain of them, then often `at line 5 in file bad.mod`, the line, and a caret. */
export function translatorComplaints(output: string, exit: 'failed' | 'crashed' | 'hung'): Complaint[] {
  const lines = output.split('\n').map((line) => line.trimEnd());
  const kept = lines.filter(
    (line) => line !== '' && !/^(?:Translating|Thread Safe|Notice|Warning|MODEL|located in|only affects)/.test(line),
  );
  const at = kept.findIndex((line) => /\bat line \d+ in file /.test(line));
  const where = /at line (\d+) in file/.exec(kept[at] ?? '');
  const said = (at === -1 ? kept : kept.slice(0, at + 1))
    .map((line) =>
      line
        .replace(/\s*at line \d+ in file .*$/, '')
        .replace(/^\s*Error:\s*/i, '')
        .trim(),
    )
    .filter((line) => line !== '' && line !== '^');
  const code = at === -1 ? null : (kept[at + 1] ?? null);
  const messages =
    exit === 'hung' ? ['it does not come to an end'] : said.length === 0 ? ['it failed without a word'] : said;
  return [
    {
      stage: 'translate',
      message: `${exit === 'crashed' ? 'crash: ' : ''}${messages.join(': ')}`,
      code: code === '^' ? null : code,
      line: where === null ? null : Number(where[1]),
      column: null,
    },
  ];
}

/** gcc and clang: `file:12:3: error: …`, then the line of code. */
export function compilerComplaints(output: string): Complaint[] {
  const lines = output.split('\n');
  const complaints: Complaint[] = [];
  for (const [index, line] of lines.entries()) {
    const match = /^(.*?):(\d+)(?::(\d+))?: (?:fatal )?error: (.*)$/.exec(line);
    if (match === null) continue;
    const shown = lines[index + 1] ?? '';
    const code = /^\s*\d+ \| (.*)$/.exec(shown)?.[1] ?? (/^\s/.test(shown) ? shown : null);
    complaints.push({
      stage: 'compile',
      message: plainQuotes(match[4] ?? ''),
      code,
      line: Number(match[2]),
      column: match[3] === undefined ? null : Number(match[3]),
    });
  }
  return complaints;
}

/** ld and ld64: names that nobody defines. */
export function linkerComplaints(output: string): Complaint[] {
  const names = new Set<string>();
  for (const match of output.matchAll(/undefined (?:reference to [`'‘](.*?)['’]|symbol:? '?(.*?)'?(?:$|,))/gm)) {
    names.add(match[1] ?? match[2] ?? '');
  }
  for (const match of output.matchAll(/^\s*"(.*?)", referenced from:/gm)) names.add(match[1] ?? '');
  return [...names]
    .filter((name) => name !== '')
    .map((name) => ({ stage: 'link', message: `undefined: ${name}`, code: null, line: null, column: null }));
}

/** gcc's typographic quotes, made plain. */
function plainQuotes(text: string): string {
  return text.replace(/[‘’]/g, "'");
}
