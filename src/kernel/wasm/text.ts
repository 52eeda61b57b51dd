/** Things as text that tells all of them apart, and back: JSON has one zero, null for what is not finite, and no maps. */

/** As JSON; maps as lists, and numbers that JSON has not as objects, which nothing else may look like. */
export function textOf(thing: unknown): string {
  return JSON.stringify(thing, (_, value: unknown) => {
    if (typeof value === 'number') return distinct(value);
    return value instanceof Map ? { [MAP]: [...value] } : value;
  });
}

/** What `textOf` wrote, its numbers to the last bit; maps stay lists. @throws SyntaxError */
export function fromText(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => {
    const number =
      typeof value === 'object' && value !== null ? (value as { readonly [NUMBER]?: string })[NUMBER] : undefined;
    return number === undefined ? value : Number(number);
  });
}

const NUMBER = '$number';
const MAP = '$map';

/** A number, or what JSON can say in its place. */
export function distinct(value: number): number | { readonly [NUMBER]: string } {
  if (Object.is(value, -0)) return { [NUMBER]: '-0' };
  return Number.isFinite(value) ? value : { [NUMBER]: String(value) };
}
