/**
 * A number after it went through text with eight significant digits. Import3d hands NEURON its points as hoc text in C's
 * %.8g, so that this, and then single precision, is what a section gets.
 */
export function eightDigits(value: number): number {
  const nine = value.toExponential(8);
  // Only a number whose ninth digit is a 5, with nothing after it, lies half-way between two of eight digits.
  return nine.charAt(nine.indexOf('e') - 1) === '5' ? halfToEven(value) : Number(value.toPrecision(8));
}

/** C rounds what lies half-way to the even digit, JavaScript away from zero. */
function halfToEven(value: number): number {
  const digits = value.toExponential(40);
  const tie = /^-?\d\.\d{6}(\d)50*e/.exec(digits);
  if (tie === null || Number(tie[1]) % 2 !== 0) return Number(value.toPrecision(8));
  return Number(digits.replace(/^(-?\d\.\d{7}).*e/, '$1e'));
}
