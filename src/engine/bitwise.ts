/**
 * What equality to the last bit takes on NEURON's side: a C library whose exp, log and pow round as `src/libm` does. glibc on
 * x86-64 does so when it is told to leave fused operations alone; elsewhere there is no such switch.
 */
import { EnvironmentError, UsageError } from '../errors.ts';

/** Environment of a NEURON process whose glibc is to use no fused multiply-add. */
export const UNFUSED: Readonly<Record<string, string>> = { GLIBC_TUNABLES: 'glibc.cpu.hwcaps=-FMA,-AVX2' };

/** Versions of glibc before this have other functions. */
const OLDEST_GLIBC = 2.28;

/**
 * Refuses where no comparison to the last bit is possible.
 * @throws UsageError anywhere but on Linux with x86-64 and glibc of 2.28 or later
 */
export function requireTunableLibm(): void {
  const glibc = glibcVersion();
  const here = `${process.platform} on ${process.arch}${glibc === null ? ' without glibc' : ` with glibc ${glibc}`}`;
  if (process.platform === 'linux' && process.arch === 'x64' && glibc !== null && atLeast(glibc, OLDEST_GLIBC)) return;
  throw new UsageError(`--bitwise needs Linux on x86-64 with glibc ${OLDEST_GLIBC} or later, and this is ${here}`, {
    remedy: 'Leave --bitwise out: the comparison is then to within the rounding of exp (1e-7 mV).',
  });
}

function glibcVersion(): string | null {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime ?? null;
}

function atLeast(version: string, oldest: number): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = String(oldest).split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/**
 * Makes sure that a NEURON process rounds as it was told to.
 * @param rounding what the sidecar found of its own exp and pow
 * @throws EnvironmentError where it does not: a claim of equal bits would mean nothing
 */
export function requireUnfused(rounding: string | undefined): void {
  if (rounding === 'unfused') return;
  throw new EnvironmentError(
    `NEURON's exp and pow do not round as --bitwise needs it: found ${rounding ?? 'nothing known'}, required unfused`,
    {
      remedy: [
        `NEURON was started with GLIBC_TUNABLES=${UNFUSED.GLIBC_TUNABLES}, which had no effect here.`,
        'Use a Python that is linked to the system’s own glibc, or leave --bitwise out.',
      ].join('\n'),
    },
  );
}
