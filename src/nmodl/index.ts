/**
 * The front end of the NMODL compiler: the text of a NEURON mechanism to a syntax tree with places, and back to text. It
 * never throws on any text; what is wrong comes as diagnostics with stable codes, all of them at once. (Checking and code
 * generation follow in a later version.)
 *
 * ```ts
 * const { mechanism, diagnostics } = parse({ file: 'Ih.mod', text });
 * for (const one of diagnostics) console.error(codeFrame({ file: 'Ih.mod', text }, one));
 * ```
 */
export { codeFrame, DIAGNOSTICS, type Diagnostic, type DiagnosticCode } from './diagnostics.ts';
export { type Token, type Tokens, tokenize } from './lexer.ts';
export { type Parsed, parse } from './parser/blocks.ts';
export { printExpression, printMechanism } from './printer.ts';
export { type Position, positionAt, type Source, type Span } from './source.ts';
export type { Block, Body, Expression, Mechanism, NeuronStatement, Statement, Variable } from './syntax.ts';
