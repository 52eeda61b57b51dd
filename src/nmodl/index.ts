/**
 * The NMODL compiler: the text of a NEURON mechanism to a syntax tree with places, to a checked kernel program, and back to
 * text. It never throws on any text; what is wrong comes as diagnostics with stable codes, all of a stage's at once. What
 * cannot be run as NEURON runs it is refused by the name of its construct.
 *
 * ```ts
 * const { program, diagnostics } = compile({ file: 'Ih.mod', text });
 * for (const one of diagnostics) console.error(codeFrame({ file: 'Ih.mod', text }, one));
 * ```
 */
export type { IncludeReader } from './check/includes.ts';
export { type Compiled, type CompileOptions, compile } from './compile.ts';
export { codeFrame, DIAGNOSTICS, type Diagnostic, type DiagnosticCode } from './diagnostics.ts';
export { type Token, type Tokens, tokenize } from './lexer.ts';
export { type Parsed, parse } from './parser/blocks.ts';
export { printExpression, printMechanism } from './printer.ts';
export { type Position, positionAt, type Source, type Span } from './source.ts';
export type { Block, Body, Expression, Mechanism, NeuronStatement, Statement, Variable } from './syntax.ts';
