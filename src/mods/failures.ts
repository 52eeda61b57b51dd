/**
 * Why a mechanism file does not compile on today's NEURON, in one table: an unknown code or a missing parameter does not
 * type-check. A message says what is wrong, a hint what to do; `mends` whether `--fix` does it.
 */

interface Entry {
  /** Text with named parameters in braces. */
  readonly message: string;
  readonly hint: string;
  readonly mends: boolean;
}

export const FAILURES = {
  'variable-and-function': {
    message: '“{name}” is listed as a variable and is a {what} as well',
    hint: 'Take it out of the list: a function is called by its name without being listed.',
    mends: true,
  },
  'state-is-global': {
    message: '“{name}” is a state, and a state cannot be GLOBAL',
    hint: 'Take it out of GLOBAL: a state is one per instance and can be read without being listed.',
    mends: true,
  },
  'voltage-undeclared': {
    message: 'the voltage v is used and not declared',
    hint: 'Declare v (mV) in ASSIGNED.',
    mends: true,
  },
  'ion-undeclared': {
    message: '“{name}” is used and not declared, though NEURON gives it',
    hint: 'Declare {name} ({units}) in ASSIGNED.',
    mends: true,
  },
  'undeclared-variable': {
    message: '“{name}” is used and declared nowhere',
    hint: 'Declare it: PARAMETER with a value, or ASSIGNED.',
    mends: false,
  },
  'ion-is-constant': {
    message: '“{name}” comes from an ion, and is given a value of its own in CONSTANT',
    hint: 'Say which is meant: take it out of CONSTANT (NEURON sets it), or out of USEION (the value holds).',
    mends: false,
  },
  'local-not-first': {
    message: 'LOCAL stands behind other statements, and NEURON takes it only as the first of a block',
    hint: 'Move it to the beginning of the block.',
    mends: true,
  },
  'time-declared': {
    message: '“t” is declared as a variable, and NEURON has it already',
    hint: 'Take the declaration away.',
    mends: true,
  },
  'reserved-word': {
    message: '“{name}” is a name that NEURON keeps for itself',
    hint: 'Take another name, such as {name}_.',
    mends: true,
  },
  'non-ascii': {
    message: 'the character “{character}” is not ASCII, which NEURON reads only between COMMENT and ENDCOMMENT',
    hint: 'Write it in plain letters.',
    mends: true,
  },
  'missing-include': {
    message: 'the included file “{name}” is not there',
    hint: 'Put it beside the mechanism file; it usually comes with the model.',
    mends: false,
  },
  'written-nowhere': {
    message: '“{name}” is to be written to the ion, and nothing in the file assigns it where NEURON looks',
    hint: 'Make it a STATE, or assign it in the block that SOLVE names.',
    mends: false,
  },
  'several-derivatives': {
    message: 'two DERIVATIVE blocks are solved, which NEURON’s translator does not take (it may never end)',
    hint: 'Put their equations into one block and solve that.',
    mends: false,
  },
  'derivative-of-array': {
    message: 'the array “{name}” is a state with an equation, which NEURON’s translator makes no valid C++ of',
    hint: 'Write a state for each element, or advance them in a PROCEDURE.',
    mends: false,
  },
  'not-nmodl': {
    message: '{message}',
    hint: 'Correct the text here.',
    mends: false,
  },
  'title-quote': {
    message: 'the TITLE has a double quote, which ends a string in the C++ made from it',
    hint: 'Write single quotes.',
    mends: true,
  },
  'initial-value-clash': {
    message: 'the state “{name}” has an initial value named “{name}0”, which is a function of the C library',
    hint: 'Declare {name}0 as a RANGE parameter, so that it is a variable of the mechanism, or rename the state.',
    mends: true,
  },
  'declared-otherwise': {
    message: '“{name}” is declared here in another way than {where}',
    hint: 'Take the declaration away, or declare it in the same way.',
    mends: true,
  },
  'declared-without-arguments': {
    message: '“{name}” is declared with empty parentheses, which in C++ says that it takes no arguments',
    hint: 'Take the declaration away, or write the arguments’ types.',
    mends: true,
  },
  'scop-random-argument': {
    message: 'scop_random is called with an argument, and since NEURON 9 it takes none',
    hint: 'Call scop_random().',
    mends: true,
  },
  'return-without-value': {
    message: 'return without a value, in what NEURON makes a function with a value',
    hint: 'Write {instead}',
    mends: true,
  },
  'return-with-value': {
    message: 'return with a value, in what NEURON makes a function without one',
    hint: 'Write return; – this block has no value.',
    mends: true,
  },
  'old-style-function': {
    message: 'the function “{name}” has its arguments’ types behind the parentheses, which C++ does not know',
    hint: 'Write the types inside: {instead}',
    mends: true,
  },
  'implicit-int': {
    message: '“{name}” is declared without a type',
    hint: 'Write the type; C took int.',
    mends: true,
  },
  'missing-header': {
    message: 'the header “{name}” is not there',
    hint: 'Put it beside the mechanism file; it usually comes with the model, and without it nobody can compile this file.',
    mends: false,
  },
  'outdated-header': {
    message: 'the header “{name}” is no longer there',
    hint: 'Use {instead}.',
    mends: true,
  },
  'undeclared-function': {
    message: 'the function “{name}” is used without the header that declares it',
    hint: 'Include {instead}.',
    mends: true,
  },
  'unknown-name': {
    message: '“{name}” is used in VERBATIM and nothing declares it',
    hint: 'Declare it, or take what it stands for today; see NEURON’s guide on porting mechanisms to C++.',
    mends: false,
  },
  'untyped-memory': {
    message: 'memory without a type is given to “{type}”, which C++ does not do by itself',
    hint: 'Write the type: ({type}).',
    mends: true,
  },
  'pointer-as-number': {
    message: 'a pointer is made a number that is too small for it',
    hint: 'Go over a whole address: ({type})(size_t).',
    mends: true,
  },
  'argument-named-as-variable': {
    message: 'an argument in this declaration is called “{name}”, as a variable of the mechanism is',
    hint: 'Leave the argument’s name away.',
    mends: true,
  },
  'cpp-keyword': {
    message: '“{name}” is a word of C++ and cannot be a name',
    hint: 'Take another name, such as {name}_.',
    mends: true,
  },
  'template-member': {
    message: 'the member “template” of NEURON’s objects has another name, as this is a word of C++',
    hint: 'Write ctemplate.',
    mends: true,
  },
  'old-thread-arguments': {
    message: 'a function is given “_p”, which is no more: data are no longer one array an instance',
    hint: 'Pass _threadargs_, and declare _internalthreadargsproto_.',
    mends: true,
  },
  'neuron-internals': {
    message: 'VERBATIM reaches into “{name}”, a structure of NEURON’s that NEURON 9 keeps to itself',
    hint: 'It has to be rewritten for NEURON 9; see NEURON’s guide on porting mechanisms to C++.',
    mends: false,
  },
  'coreneuron-only': {
    message: '“{name}” is known to CoreNEURON only',
    hint: 'Put what uses it between #if NRNBBCORE and #endif.',
    mends: false,
  },
  'self-event-without-flag': {
    message: 'net_send has one argument, and needs a delay and a flag',
    hint: 'Write net_send(delay, flag), with the flag that NET_RECEIVE asks for.',
    mends: false,
  },
  'undefined-function': {
    message: '“{name}” is declared and called, and neither NEURON nor a file of this folder has it',
    hint: 'Take a wrong declaration away, or add what defines it.',
    mends: false,
  },
  unknown: {
    message: 'NEURON’s compiler does not take it: {message}',
    hint: 'This failure is not one that twincell knows.',
    mends: false,
  },
} as const satisfies Record<string, Entry>;

export type FailureCode = keyof typeof FAILURES;

type ParameterOf<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | ParameterOf<Rest> : never;
type TextOf<Code extends FailureCode> = (typeof FAILURES)[Code]['message'] | (typeof FAILURES)[Code]['hint'];

/** What a code's message and hint need. */
export type FailureParameters<Code extends FailureCode> = { readonly [Name in ParameterOf<TextOf<Code>>]: string };

/** The sentence and the advice of a code. */
export function wordsOf<Code extends FailureCode>(code: Code, parameters: FailureParameters<Code>) {
  const values = parameters as Readonly<Record<string, string>>;
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  const { message, hint }: Entry = FAILURES[code];
  return { message: fill(message), hint: fill(hint) };
}
