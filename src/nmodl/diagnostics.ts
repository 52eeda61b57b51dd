/**
 * Everything the compiler has to say, in one table: an unknown code or a missing parameter does not compile. A message
 * says what is wrong, a hint what to do.
 */
import { lineAt, positionAt, type Source, type Span } from './source.ts';

interface Entry {
  readonly severity: 'error' | 'warning';
  /** Text with named parameters in braces. */
  readonly message: string;
  readonly hint?: string;
}

export const DIAGNOSTICS = {
  'unclosed-comment': {
    severity: 'error',
    message: 'COMMENT is not closed',
    hint: 'Add ENDCOMMENT at the start of a line.',
  },
  'unclosed-verbatim': {
    severity: 'error',
    message: 'VERBATIM is not closed',
    hint: 'Add ENDVERBATIM at the start of a line.',
  },
  'unclosed-string': { severity: 'error', message: 'a string is not closed on its line' },
  'unclosed-units': { severity: 'error', message: 'the parenthesis of a unit is not closed on its line' },
  'unexpected-token': { severity: 'error', message: 'expected {expected}, found {found}' },
  'unknown-block': {
    severity: 'error',
    message: '{found} begins no block',
    hint: 'Blocks are NEURON, UNITS, PARAMETER, STATE, ASSIGNED, INITIAL, BREAKPOINT, DERIVATIVE, KINETIC and their like.',
  },
  'nested-too-deep': { severity: 'error', message: 'nested more than {limit} deep' },

  // Declarations.
  'undeclared-name': {
    severity: 'error',
    message: '“{name}” is declared nowhere{suggestion}',
    hint: 'Declare it in PARAMETER, ASSIGNED or STATE, or as LOCAL.',
  },
  'duplicate-declaration': { severity: 'error', message: '“{name}” is declared twice', hint: 'Keep one declaration.' },
  'no-mechanism': {
    severity: 'error',
    message: 'SUFFIX nothing makes no mechanism, only functions for hoc',
    hint: 'Give the mechanism a name.',
  },
  'unknown-ion-variable': {
    severity: 'error',
    message: '“{name}” is no variable of the ion {ion}',
    hint: 'An ion x has ix (current), ex (reversal potential), xi and xo (concentrations).',
  },
  'ion-redeclared': {
    severity: 'error',
    message: '“{name}” belongs to an ion or is a current, and cannot be a constant or a file-scope LOCAL',
    hint: 'Declare it in ASSIGNED or STATE, or take it out of USEION.',
  },
  'unknown-unit': { severity: 'error', message: 'the unit “{unit}” is not known', hint: 'Define it in UNITS.' },
  'array-length': { severity: 'error', message: 'the length of the array “{name}” is no whole number above 0' },
  'not-a-number': { severity: 'error', message: '“{text}” is no number and no name that DEFINE made one' },
  'include-missing': { severity: 'error', message: 'the file “{file}” cannot be read' },
  'include-cycle': { severity: 'error', message: 'the file “{file}” includes itself' },
  'inside-include': { severity: 'error', message: '{file}:{line}: {message}' },
  'external-refused': {
    severity: 'error',
    message: 'EXTERNAL “{name}” belongs to another mechanism, and is not supported',
    hint: 'Pass the value through a POINTER or a GLOBAL of this mechanism.',
  },

  // Expressions and statements.
  'unknown-function': { severity: 'error', message: 'there is no function “{name}”{suggestion}' },
  'refused-function': { severity: 'error', message: 'the function “{name}” is not supported: {why}' },
  'wrong-argument-count': { severity: 'error', message: '“{name}” takes {expected} arguments, not {found}' },
  'not-a-variable': { severity: 'error', message: '“{name}” is a {what}, not a variable' },
  'not-a-function': { severity: 'error', message: '“{name}” is a {what}, not a function' },
  'no-value': {
    severity: 'warning',
    message: 'the PROCEDURE “{name}” gives no value: it counts as 0',
    hint: 'Make it a FUNCTION.',
  },
  'needs-index': { severity: 'error', message: '“{name}” is an array and needs an index' },
  'not-an-array': { severity: 'error', message: '“{name}” is no array' },
  'index-out-of-range': { severity: 'error', message: '“{name}” has {length} elements; there is no element {index}' },
  'assigns-special': { severity: 'error', message: '“{name}” belongs to NEURON and cannot be assigned' },
  'assigns-loop-counter': { severity: 'error', message: '“{name}” counts a FROM loop and cannot be assigned' },
  'text-refused': { severity: 'error', message: 'a text is no value here' },
  'derivative-refused': {
    severity: 'error',
    message: "“{name}'” can be assigned in a DERIVATIVE block only, and not read",
  },
  'recursive-routine': { severity: 'error', message: '“{name}” calls itself, which is not supported' },
  'result-never-assigned': {
    severity: 'error',
    message: 'the FUNCTION “{name}” never assigns its result',
    hint: 'Assign to its name; what it returns is accidental in NEURON.',
  },
  'result-maybe-unassigned': {
    severity: 'warning',
    message:
      'the FUNCTION “{name}” has a way through it that assigns no result; NEURON returns an accident there, and a run that takes it is ended',
    hint: 'Assign to its name on every way.',
  },
  'local-before-assignment': {
    severity: 'error',
    message: 'LOCAL “{name}” is read before anything is assigned to it, which is an accident in NEURON',
    hint: 'Assign to it first.',
  },
  'local-maybe-unassigned': {
    severity: 'warning',
    message:
      'LOCAL “{name}” is read here where not every way assigns to it; NEURON reads an accident there, and a run that comes that way is ended',
    hint: 'Assign to it on every way.',
  },
  'printf-ignored': { severity: 'warning', message: 'what “{name}” prints is left out' },
  'out-of-place': { severity: 'error', message: '{what} has no place here: it belongs in {where}' },
  'outer-weight-refused': {
    severity: 'error',
    message: 'inside FOR_NETCONS the argument “{name}” of NET_RECEIVE cannot be assigned',
  },
  'ion-at-event-refused': {
    severity: 'error',
    message: 'NET_RECEIVE uses “{name}”, the {field} of an ion',
    hint: 'At an event NEURON allows concentrations only, and assignments to those that are STATEs.',
  },
  'table-arguments': { severity: 'error', message: '“{name}” has a TABLE, so it must have one argument' },
  'table-names': { severity: 'error', message: 'the TABLE of “{name}” {problem}' },
  'special-listed': {
    severity: 'error',
    message:
      '“{name}” is NEURON’s own and cannot be in RANGE or GLOBAL: NEURON would take it for a variable of the mechanism',
    hint: 'Leave it out of the list.',
  },
  'usetable-assigned': {
    severity: 'error',
    message: 'a thread-safe mechanism that sets usetable reads tables in NEURON that were never made',
    hint: 'Set usetable from outside, where the mechanism is used, instead of here.',
  },
  'table-not-number': { severity: 'error', message: 'WITH needs a whole number above 0' },

  // Solving.
  'solve-unknown-block': { severity: 'error', message: 'SOLVE names “{name}”, and there is no such block{suggestion}' },
  'solve-conditional': {
    severity: 'warning',
    message: 'SOLVE inside IF runs at every step all the same: NEURON takes it out of the condition',
  },
  'state-never-solved': { severity: 'warning', message: 'no SOLVE advances the state “{name}”' },

  // Constructs that are not run.
  'verbatim-refused': {
    severity: 'error',
    message: 'VERBATIM holds C that is not run: {what}',
    hint: 'Write it in NMODL, or keep it in a procedure that a run never calls.',
  },
  'verbatim-branch-refused': {
    severity: 'warning',
    message: 'VERBATIM holds C under a condition that is not run: {what}; a run that comes there is ended',
  },
  'hook-refused': {
    severity: 'error',
    message: '{when} {at} is not run by NEURON',
    hint: 'Use BEFORE BREAKPOINT, INITIAL or STEP, or AFTER SOLVE or INITIAL.',
  },
  'construct-refused': { severity: 'error', message: '{what} is not supported' },

  // Solve methods.
  'method-unknown': {
    severity: 'error',
    message: 'a {block} block cannot be solved by {method}',
    hint: 'NEURON has cnexp, derivimplicit, euler and runge for DERIVATIVE, and sparse for KINETIC blocks.',
  },
  'steadystate-method': {
    severity: 'error',
    message: 'STEADYSTATE of a {block} block needs the method that NEURON has for it',
    hint: 'Use METHOD sparse for KINETIC and derivimplicit for DERIVATIVE blocks, in every SOLVE of the block.',
  },
  'steadystate-derivimplicit': {
    severity: 'warning',
    message:
      'NEURON’s STEADYSTATE derivimplicit takes a step of 1e-9 ms: it leaves the states alone, or finds no solution and ends the run',
    hint: 'Set the states in INITIAL to their limits.',
  },
  'derivative-without-method': {
    severity: 'warning',
    message: 'SOLVE {name} names no METHOD: NEURON computes the derivatives but does not advance the states',
    hint: 'Add METHOD cnexp.',
  },
  'no-equations': { severity: 'error', message: 'the block “{name}” has no equations' },
  'derivative-of-no-state': {
    severity: 'error',
    message: '“{name}” has a derivative but is no STATE',
    hint: 'Declare it in STATE.',
  },
  'derivative-of-array': {
    severity: 'error',
    message: '“{name}” is an array of states: NEURON’s compiler cannot translate its derivatives',
    hint: 'Use a KINETIC block, or one state for each element.',
  },
  'higher-derivative': {
    severity: 'error',
    message: '“{name}” has a derivative of higher order, which is not supported',
    hint: 'Make the lower derivatives states of their own.',
  },
  'operator-in-derivative': {
    severity: 'error',
    message: 'NEURON’s compiler stops at “{operator}” in the equation of a derivative',
    hint: 'Use products or pow(a, b) for powers, and a LOCAL or a FUNCTION for anything else.',
  },
  'equation-in-derivative': {
    severity: 'error',
    message: 'an algebraic equation in a DERIVATIVE block is not supported',
    hint: 'Move it to a NONLINEAR block.',
  },
  'cnexp-not-linear': {
    severity: 'warning',
    message: 'the equation of “{name}” is not linear in it: NEURON’s cnexp gives a wrong result, which is reproduced',
    hint: 'Use METHOD derivimplicit.',
  },
  'conserve-not-solved': {
    severity: 'error',
    message: 'CONSERVE names “{name}”, which is no state that this block solves for',
  },
  'conserve-without-equation': {
    severity: 'error',
    message: 'this CONSERVE has no single state left whose equation it could replace',
    hint: 'NEURON needs one state, not an element of an array, for each CONSERVE.',
  },
  'flux-not-solved': {
    severity: 'error',
    message: '“{name}” cannot take a flux here',
    hint: 'A flux goes into one state with an equation of its own, which no CONSERVE replaces.',
  },
  'rate-without-parentheses': {
    severity: 'warning',
    message:
      'NEURON pastes this rate without parentheses, so that only its last term is multiplied; this is reproduced',
    hint: 'Put the rate in parentheses.',
  },
  'diffusion-without-compartment': {
    severity: 'error',
    message: 'LONGITUDINAL_DIFFUSION of “{name}”, which no COMPARTMENT before it names',
    hint: 'Give its volume: COMPARTMENT volume { … }.',
  },
  'linear-form': {
    severity: 'error',
    message: 'a term of a LINEAR equation is not one state times factors without states',
    hint: 'Bring the equation to the form a*x + b*y = c; states may stand neither in parentheses nor in denominators.',
  },
  'equation-count': {
    severity: 'error',
    message: 'the block “{name}” has {equations} equations for {states} states',
    hint: 'Write as many equations as there are states in them, or name the states to solve for with SOLVEFOR.',
  },
  'reaction-in-condition': {
    severity: 'error',
    message: 'a reaction or CONSERVE under a condition: NEURON mixes up its matrix elements when the condition changes',
    hint: 'Keep the reaction out of the condition, and set its rates to 0 where it should rest.',
  },
  'discrete-refused': {
    severity: 'error',
    message: 'the DISCRETE block “{name}” is not supported: NEURON moves the time of the whole simulation in it',
    hint: 'Write it as a PROCEDURE and SOLVE that.',
  },
  'kinetic-twice': {
    severity: 'error',
    message:
      'the file also has the KINETIC block “{other}”; NEURON’s compiler mixes it up with “{name}” and computes neither rightly',
    hint: 'Keep one KINETIC block in a file; write the other as a mechanism of its own.',
  },
} as const satisfies Record<string, Entry>;

export type DiagnosticCode = keyof typeof DIAGNOSTICS;

type ParameterOf<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | ParameterOf<Rest> : never;

/** The parameters a code's message needs. */
export type DiagnosticParameters<Code extends DiagnosticCode> = {
  readonly [Name in ParameterOf<(typeof DIAGNOSTICS)[Code]['message']>]: string;
};

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
  readonly span: Span;
}

/** Makes a diagnostic of the table. */
export function diagnostic<Code extends DiagnosticCode>(
  code: Code,
  span: Span,
  parameters: DiagnosticParameters<Code>,
): Diagnostic {
  const { severity, message, ...more }: Entry = DIAGNOSTICS[code];
  const values = parameters as Readonly<Record<string, string>>;
  const text = message.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  return { code, severity, message: text, ...more, span };
}

/** The diagnostic as a compiler prints it: file, line, column, the line with a caret, what to do. */
export function codeFrame(
  source: Source,
  { code, severity, message, hint, span }: Omit<Diagnostic, 'code'> & { readonly code: string },
): string {
  const { line, column } = positionAt(source, span.start);
  const text = lineAt(source, span.start);
  const width = Math.max(1, Math.min(span.end - span.start, text.length - column + 1));
  // Tabs stay, so that the caret stands under its character.
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  const lines = [
    `${source.file}:${line}:${column} ${severity} ${code}: ${message}`,
    `  ${text}`,
    `  ${indent}${'^'.repeat(width)}`,
  ];
  return [...lines, ...(hint === undefined ? [] : [`  ${hint}`])].join('\n');
}
