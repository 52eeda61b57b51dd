/**
 * The tree as text again: one form for everything, comments left out. What is printed reads back as the same tree.
 */
import type {
  Block,
  Body,
  Declarator,
  Expression,
  Mechanism,
  NeuronStatement,
  Reactant,
  Statement,
  UnitLine,
  Variable,
} from './syntax.ts';

export function printMechanism({ blocks }: Mechanism): string {
  return `${blocks.map(printBlock).join('\n\n')}\n`;
}

export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return expression.units === null ? expression.text : `${expression.text} (${expression.units})`;
    case 'string':
      return `"${expression.text}"`;
    case 'variable': {
      const { name, primes, index } = expression;
      return `${name}${"'".repeat(primes)}${index === null ? '' : `[${printExpression(index)}]`}`;
    }
    case 'call':
      return `${expression.name}(${expression.arguments.map(printExpression).join(', ')})`;
    case 'unary':
      return `${expression.operator}${printExpression(expression.operand)}`;
    case 'binary':
      // The tree keeps parentheses as groups, so that precedence never has to be worked out again.
      return `${printExpression(expression.left)} ${expression.operator} ${printExpression(expression.right)}`;
    case 'group':
      return `(${printExpression(expression.inner)})`;
  }
}

function printBlock(block: Block): string {
  switch (block.kind) {
    case 'title':
      return `TITLE ${block.text}`;
    case 'neuron':
      return braced('NEURON', block.statements.map(printNeuron));
    case 'units':
      return braced('UNITS', block.lines.map(printUnitLine));
    case 'variables':
      return braced(block.keyword, block.variables.map(printVariable));
    case 'plain':
      return `${block.keyword} ${printBody(block.body)}`;
    case 'named': {
      const solveFor = block.solveFor.length === 0 ? '' : ` SOLVEFOR ${block.solveFor.join(', ')}`;
      return `${block.keyword} ${block.name}${solveFor} ${printBody(block.body)}`;
    }
    case 'function':
      return `${block.keyword} ${block.name}${printFormals(block.arguments)}${inUnits(block.units)} ${printBody(block.body)}`;
    case 'function-table':
      return `FUNCTION_TABLE ${block.name}${printFormals(block.arguments)}${inUnits(block.units)}`;
    case 'net-receive':
      return `NET_RECEIVE${printFormals(block.arguments)} ${printBody(block.body)}`;
    case 'hook':
      return `${block.when} ${block.at} ${printBody(block.body)}`;
    case 'local':
      return `LOCAL ${block.names.map(printDeclarator).join(', ')}`;
    case 'define':
      return `DEFINE ${block.name} ${block.value}`;
    case 'include':
      return `INCLUDE "${block.file}"`;
    case 'marker':
      return block.name;
    case 'verbatim':
      return printVerbatim(block.text);
  }
}

function braced(head: string, lines: readonly string[]): string {
  return lines.length === 0 ? `${head} {\n}` : `${head} {\n${lines.map(indent).join('\n')}\n}`;
}

/** Indents all lines but those of VERBATIM, whose closing word must begin its line. */
function indent(text: string): string {
  let inside = false;
  return text
    .split('\n')
    .map((line) => {
      const was = inside;
      if (line.trimStart().startsWith('VERBATIM')) inside = true;
      if (line.startsWith('ENDVERBATIM')) inside = false;
      return was ? line : `  ${line}`;
    })
    .join('\n');
}

function printVerbatim(text: string): string {
  // On the line of VERBATIM itself a blank keeps the two words apart.
  return text === '' ? 'VERBATIM ENDVERBATIM' : `VERBATIM${text}ENDVERBATIM`;
}

function printBody({ statements }: Body): string {
  return braced('', statements.map(printStatement)).trimStart();
}

function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'assign':
      return `${printExpression(statement.target)} = ${printExpression(statement.value)}`;
    case 'expression':
      return printExpression(statement.value);
    case 'local':
      return `LOCAL ${statement.names.map(printDeclarator).join(', ')}`;
    case 'if': {
      const { condition, then, otherwise } = statement;
      const tail = otherwise === null ? '' : ` else ${printOtherwise(otherwise)}`;
      return `if (${printExpression(condition)}) ${printBody(then)}${tail}`;
    }
    case 'while':
      return `while (${printExpression(statement.condition)}) ${printBody(statement.body)}`;
    case 'from': {
      const { name, first, last, by, body } = statement;
      const step = by === null ? '' : ` BY ${printExpression(by)}`;
      return `FROM ${name} = ${printExpression(first)} TO ${printExpression(last)}${step} ${printBody(body)}`;
    }
    case 'solve': {
      const { name, method, steadyState } = statement;
      return method === null ? `SOLVE ${name}` : `SOLVE ${name} ${steadyState ? 'STEADYSTATE' : 'METHOD'} ${method}`;
    }
    case 'table': {
      const { names, depend, first, last, steps } = statement;
      const on = depend.length === 0 ? '' : ` DEPEND ${depend.join(', ')}`;
      const range = `FROM ${printExpression(first)} TO ${printExpression(last)} WITH ${printExpression(steps)}`;
      return `TABLE ${names.join(', ')}${on} ${range}`;
    }
    case 'watch': {
      const each = statement.conditions.map(({ when, flag }) => `(${printExpression(when)}) ${printExpression(flag)}`);
      return `WATCH ${each.join(', ')}`;
    }
    case 'for-netcons':
      return `FOR_NETCONS${printFormals(statement.names)} ${printBody(statement.body)}`;
    case 'initial':
      return `INITIAL ${printBody(statement.body)}`;
    case 'protect':
      return `PROTECT ${printStatement(statement.statement)}`;
    case 'block':
      return printBody(statement.body);
    case 'conductance':
      return `CONDUCTANCE ${statement.name}${statement.ion === null ? '' : ` USEION ${statement.ion}`}`;
    case 'marker':
      return statement.name;
    case 'verbatim':
      return printVerbatim(statement.text);
    default:
      return printKinetic(statement);
  }
}

/** `else if` is a body of one statement that begins where the body does. */
function printOtherwise(body: Body): string {
  const [only] = body.statements;
  return only?.kind === 'if' && only.start === body.start ? printStatement(only) : printBody(body);
}

type Kinetic = Extract<Statement, { kind: 'equation' | 'reaction' | 'conserve' | 'compartment' | 'diffusion' }>;

function printKinetic(statement: Kinetic): string {
  switch (statement.kind) {
    case 'equation':
      return `~ ${printExpression(statement.left)} = ${printExpression(statement.right)}`;
    case 'reaction': {
      const { left, arrow, right, rates } = statement;
      const target = right.length === 0 ? '' : ` ${printSide(right)}`;
      return `~ ${printSide(left)} ${arrow}${target} (${rates.map(printExpression).join(', ')})`;
    }
    case 'conserve':
      return `CONSERVE ${printSide(statement.left)} = ${printExpression(statement.right)}`;
    default: {
      const { kind, index, volume, names } = statement;
      const keyword = kind === 'compartment' ? 'COMPARTMENT' : 'LONGITUDINAL_DIFFUSION';
      return `${keyword} ${index === null ? '' : `${index}, `}${printExpression(volume)} { ${names.join(' ')} }`;
    }
  }
}

function printSide(side: readonly Reactant[]): string {
  return side
    .map(({ coefficient, name, index }) => {
      const place = index === null ? '' : `[${printExpression(index)}]`;
      return `${coefficient === null ? '' : `${coefficient} `}${name}${place}`;
    })
    .join(' + ');
}

function printFormals(formals: readonly Declarator[]): string {
  return `(${formals.map(printDeclarator).join(', ')})`;
}

function printDeclarator({ name, length, units }: Declarator): string {
  return `${name}${length === null ? '' : `[${length}]`}${inUnits(units)}`;
}

function inUnits(units: string | null): string {
  return units === null ? '' : ` (${units})`;
}

function printNeuron(statement: NeuronStatement): string {
  switch (statement.kind) {
    case 'mechanism':
      return `${statement.keyword} ${statement.name}`;
    case 'names':
      return `${statement.keyword} ${statement.names.join(', ')}`.trimEnd();
    case 'represents':
      return `REPRESENTS ${statement.identifier}`;
    case 'ion': {
      const { name, read, write, valence, represents } = statement;
      return [
        `USEION ${name}`,
        ...(read.length > 0 ? [`READ ${read.join(', ')}`] : []),
        ...(write.length > 0 ? [`WRITE ${write.join(', ')}`] : []),
        ...(valence === null ? [] : [`VALENCE ${valence}`]),
        ...(represents === null ? [] : [`REPRESENTS ${represents}`]),
      ].join(' ');
    }
  }
}

function printUnitLine({ name, isUnit, value, units }: UnitLine): string {
  const parts = [...(value === null ? [] : [value]), ...units.map((unit) => `(${unit})`)];
  return `${isUnit ? `(${name})` : name} = ${parts.join(' ')}`;
}

function printVariable(variable: Variable): string {
  const { name, length, value, units, limits, from, to, startValue } = variable;
  return [
    `${name}${length === null ? '' : `[${length}]`}`,
    ...(value === null ? [] : [`= ${value}`]),
    ...(from === null ? [] : [`FROM ${from}`]),
    ...(to === null ? [] : [`TO ${to}`]),
    ...(variable.with === null ? [] : [`WITH ${variable.with}`]),
    ...(startValue === null ? [] : [`START ${startValue}`]),
    ...(units === null ? [] : [`(${units})`]),
    ...(limits.length === 0 ? [] : [`<${limits.join(', ')}>`]),
  ].join(' ');
}
