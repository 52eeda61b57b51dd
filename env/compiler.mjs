/** The C++ compiler and make that NEURON's own compiler of mechanisms calls. */
import { SetupFailure } from './failure.mjs';
import { which } from './processes.mjs';

/**
 * The tools for compiling mechanisms, or a plain word about what is missing.
 * @returns {{ cc: string, cxx: string }}
 */
export function requireCompiler() {
  const cxx = findCompiler();
  const missing = [];
  if (cxx === undefined)
    missing.push(process.env.CXX ? `the compiler that CXX names (${process.env.CXX})` : 'a C++ compiler');
  if (which('make') === undefined) missing.push('make');
  if (cxx !== undefined && missing.length === 0) return { cc: process.env.CC ?? cxx.cc, cxx: cxx.cxx };
  throw new SetupFailure({
    code: 'compiler',
    what: `Mechanisms cannot be compiled: ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing.`,
    found: process.env.CXX ? `CXX=${process.env.CXX}` : 'no g++, c++ or clang++ on PATH, or no make',
    required: 'a C++ compiler (g++ 10 or later, or clang++) and make',
    mend: installCompiler(),
  });
}

/** @returns {{ cc: string, cxx: string } | undefined} */
export function findCompiler() {
  const named = process.env.CXX;
  if (named)
    return which(named.split(' ')[0] ?? '') === undefined ? undefined : { cc: process.env.CC ?? named, cxx: named };
  const pairs = [
    { cc: 'gcc', cxx: 'g++' },
    { cc: 'cc', cxx: 'c++' },
    { cc: 'clang', cxx: 'clang++' },
  ];
  return pairs.find(({ cxx }) => which(cxx) !== undefined);
}

function installCompiler() {
  if (process.platform === 'darwin') return ['xcode-select --install'];
  if (process.platform === 'win32') return ['use twincell in WSL, or name a compiler: set CXX=…'];
  if (which('apt-get') !== undefined) return ['sudo apt-get install g++ make'];
  if (which('dnf') !== undefined) return ['sudo dnf install gcc-c++ make'];
  return ['install g++ and make with your system’s package manager, or name a compiler: export CXX=…'];
}
