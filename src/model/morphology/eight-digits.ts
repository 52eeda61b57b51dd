/**
 * A number after it went through text with eight significant digits. Import3d hands NEURON its points as hoc text in C's
 * %.8g, so that this, and then single precision, is what a section gets.
 */
export function eightDigits(value: number): number {
  const digits = value.toExponential(40);
  const tie = /^-?\d\.\d{6}(\d)50*e/.exec(digits);
  // C rounds a tie to the even digit, JavaScript away from zero.
  if (tie !== null && Number(tie[1]) % 2 === 0) return Number(digits.replace(/^(-?\d\.\d{7}).*e/, '$1e'));
  return Number(value.toPrecision(8));
}
