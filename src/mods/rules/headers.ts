/** Rules about headers: those that are not there, and those that are not included. */
import { findAll } from '../text.ts';
import { oldDefinitions } from './c-declarations.ts';
import { complaintsLike, type Failing, type Finding, finding, locate, type Rule } from './rule.ts';

/** Headers of other times and systems, and what serves in their place. */
const OUTDATED: Readonly<Record<string, string>> = {
  'malloc.h': '#include <stdlib.h>',
  'values.h': '#include <float.h>\n#include <limits.h>',
  'strings.h': '#include <string.h>',
  'sys/malloc.h': '#include <stdlib.h>',
};

const HEADERS: Readonly<Record<string, string>> = {
  'stdlib.h':
    'malloc calloc realloc free exit abort atoi atof strtod strtol qsort rand srand drand48 srand48 lrand48 random srandom getenv system abs',
  'string.h':
    'strcmp strncmp strcpy strncpy strcat strlen strstr strchr strrchr strtok strdup memcpy memset memmove memcmp strerror',
  'stdio.h':
    'printf fprintf sprintf snprintf sscanf fscanf fopen fclose fgets fputs fread fwrite fseek ftell rewind feof fflush popen pclose stdout stderr remove',
  'math.h': 'lgamma tgamma erf erfc log1p expm1 hypot cbrt rint isnan isinf M_PI M_E',
  'time.h': 'time clock localtime strftime ctime difftime CLOCKS_PER_SEC',
  'sys/time.h': 'gettimeofday',
  'unistd.h': 'usleep sleep unlink access getpid',
  'ctype.h': 'isdigit isspace isalpha toupper tolower isupper',
  'assert.h': 'assert',
  'float.h': 'DBL_MAX DBL_MIN DBL_EPSILON FLT_MAX FLT_MIN',
  'limits.h': 'INT_MAX INT_MIN UINT_MAX LONG_MAX',
  'stdint.h': 'uint32_t uint64_t int32_t int64_t uintptr_t',
};

const HEADER_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(HEADERS).flatMap(([header, names]) =>
    names.split(' ').map((name): [string, string] => [name, header]),
  ),
);

/** `misc.h: No such file or directory`. */
export const missingHeader: Rule = (failing) =>
  complaintsLike(failing, 'compile', /^'?([^\s':]+)'?(?::| file not found)/)
    .filter(({ complaint }) => /No such file or directory|file not found/.test(complaint.message))
    .flatMap(({ match }): Finding[] => {
      const name = match[1] ?? '';
      const { text } = failing.mod.source;
      const pattern = new RegExp(`^[ \\t]*(#\\s*include\\s*["<]${name.replace(/[.+]/g, '\\$&')}[">])`, 'gm');
      return findAll(failing.mod.verbatim, pattern).map((found) => {
        const start = found.index + found[0].indexOf('#');
        const span = { start, end: start + (found[1] ?? '').length };
        const instead = OUTDATED[name];
        if (instead === undefined) return finding('missing-header', span, { name });
        const indent = text.slice(text.lastIndexOf('\n', start) + 1, start);
        const edit = { ...span, text: instead.replaceAll('\n', `\n${indent}`) };
        return finding('outdated-header', span, { name, instead: instead.replaceAll('\n', ', ') }, [edit]);
      });
    });

/** `'gettimeofday' was not declared in this scope`. */
export const undeclaredFunction: Rule = (failing) =>
  complaintsLike(
    failing,
    'compile',
    /'(\w+)' was not declared in this scope|use of undeclared identifier '(\w+)'/,
  ).flatMap(({ match, complaint }): Finding[] => {
    const name = match[1] ?? match[2] ?? '';
    const header = HEADER_OF.get(name);
    const at = new RegExp(`\\b${name}\\b`).exec(failing.mod.c);
    if (header === undefined || at === null) return unknownName(failing, name, locate(failing, complaint));
    const start = afterTitle(failing);
    const text = `VERBATIM\n#include <${header}>\nENDVERBATIM\n\n`;
    const span = { start: at.index, end: at.index + name.length };
    return [finding('undeclared-function', span, { name, instead: `<${header}>` }, [{ start, end: start, text }])];
  });

/** The rules of their own say what the names of CoreNEURON and of old threads mean. */
function unknownName({ mod }: Failing, name: string, line: { start: number; end: number } | null): Finding[] {
  if (/^(?:_STRIDE|_p)$/.test(name) || line === null) return [];
  // Functions in the old style are not understood at all, and so neither are their names and arguments.
  const old = oldDefinitions(mod.c).map((one) => `${mod.c.slice(one.name.start, one.name.end)} ${one.arguments}`);
  if (old.some((words) => new RegExp(`\\b${name}\\b`).test(words))) return [];
  const at = new RegExp(`\\b${name}\\b`).exec(mod.c.slice(line.start, line.end));
  if (at === null) return [];
  return [
    finding('unknown-name', { start: line.start + at.index, end: line.start + at.index + name.length }, { name }),
  ];
}

/** Where a block may be added: TITLE stays first. */
function afterTitle({ mod }: Failing): number {
  if (mod.title === null) return 0;
  const newline = mod.source.text.indexOf('\n', mod.title.end);
  return newline === -1 ? mod.source.text.length : newline + 1;
}
