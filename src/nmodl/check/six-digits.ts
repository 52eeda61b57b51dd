/**
 * A number after it went through text with six significant digits: NEURON's compiler writes the values of PARAMETERs, and
 * what STATEs start from, with C's %g, so that 96485.309 becomes 96485.3.
 */
export function sixDigits(value: number): number {
  const tie = /^-?\d\.\d{4}(\d)50*e/.exec(value.toExponential(60));
  // C rounds a tie to the even digit, JavaScript away from zero.
  if (tie !== null && Number(tie[1]) % 2 === 0)
    return Number(value.toExponential(60).replace(/^(-?\d\.\d{5}).*e/, '$1e'));
  return Number(value.toPrecision(6));
}
