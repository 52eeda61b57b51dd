/** Walks statements at every depth. */
import type { Body, Expression, Statement } from '../syntax.ts';

/** All statements of a body, those of nested bodies after the one that holds them, in the order of the text. */
export function* bodiesOf(body: Body): Generator<Statement> {
  for (const statement of body.statements) {
    yield statement;
    switch (statement.kind) {
      case 'if':
        yield* bodiesOf(statement.then);
        if (statement.otherwise !== null) yield* bodiesOf(statement.otherwise);
        break;
      case 'while':
      case 'from':
      case 'for-netcons':
      case 'initial':
      case 'block':
        yield* bodiesOf(statement.body);
        break;
      case 'protect':
        yield statement.statement;
        break;
      default:
    }
  }
}

/** All names of variables in an expression. */
export function* variablesOf(expression: Expression): Generator<string> {
  switch (expression.kind) {
    case 'variable':
      yield expression.name;
      if (expression.index !== null) yield* variablesOf(expression.index);
      break;
    case 'call':
      for (const argument of expression.arguments) yield* variablesOf(argument);
      break;
    case 'unary':
      yield* variablesOf(expression.operand);
      break;
    case 'binary':
      yield* variablesOf(expression.left);
      yield* variablesOf(expression.right);
      break;
    case 'group':
      yield* variablesOf(expression.inner);
      break;
    default:
  }
}
