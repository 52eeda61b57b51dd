/** The syntax tree of the C that is understood. */

export type CType = 'double' | 'int' | 'pointer';

export type CExpression =
  | { readonly kind: 'number'; readonly value: number; readonly type: 'double' | 'int' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly array: CExpression; readonly index: CExpression }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly CExpression[] }
  | { readonly kind: 'cast'; readonly type: CType; readonly of: CExpression }
  | { readonly kind: 'unary'; readonly operator: '-' | '+' | '!' | '*' | '&'; readonly of: CExpression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: CExpression; readonly right: CExpression }
  | {
      readonly kind: 'choice';
      readonly condition: CExpression;
      readonly then: CExpression;
      readonly otherwise: CExpression;
    }
  /** `=` and its like; `++x` and `x++` add 1, the latter giving the value from before. */
  | { readonly kind: 'assign'; readonly operator: string; readonly target: CExpression; readonly value: CExpression }
  | { readonly kind: 'postfix'; readonly operator: '++' | '--'; readonly target: CExpression };

export interface CDeclarator {
  readonly name: string;
  readonly type: CType;
  /** 1 for a number. */
  readonly length: number;
  readonly values: readonly CExpression[];
  /** `static`: it keeps its value between calls, so that only one that nothing assigns to is understood. */
  readonly fixed: boolean;
}

export type CStatement =
  | { readonly kind: 'declare'; readonly declarators: readonly CDeclarator[] }
  | { readonly kind: 'expression'; readonly value: CExpression }
  | {
      readonly kind: 'if';
      readonly condition: CExpression;
      readonly then: CStatement;
      readonly otherwise: CStatement | null;
    }
  | { readonly kind: 'while'; readonly condition: CExpression; readonly body: CStatement; readonly first: boolean }
  | {
      readonly kind: 'for';
      readonly start: CStatement | null;
      readonly condition: CExpression | null;
      readonly next: CExpression | null;
      readonly body: CStatement;
    }
  | {
      readonly kind: 'switch';
      readonly of: CExpression;
      readonly cases: readonly { readonly values: readonly (number | null)[]; readonly body: readonly CStatement[] }[];
    }
  /** `open`: the brace is closed by another VERBATIM further down. */
  | { readonly kind: 'block'; readonly statements: readonly CStatement[]; readonly open: boolean }
  | { readonly kind: 'return'; readonly value: CExpression | null }
  | { readonly kind: 'break' | 'continue' | 'empty' }
  /** A brace that closes what another VERBATIM opened. */
  | { readonly kind: 'close' };

/** A function at file level. */
export interface CFunction {
  readonly name: string;
  readonly type: CType | 'void';
  readonly parameters: readonly { readonly name: string; readonly type: CType }[];
  readonly body: CStatement;
}
