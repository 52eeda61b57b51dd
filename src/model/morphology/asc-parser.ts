/**
 * From the tokens of a Neurolucida file to sections, by the grammar of NEURON's Import3d_Neurolucida3. Outlines and trees
 * count; markers, spines, texts and properties are read over.
 */
import { ascTokens, type Token, type TokenKind } from './asc-lexer.ts';
import { malformed, type Source } from './malformed.ts';
import {
  addPoint,
  at,
  emptyPoints,
  type ImportedSection,
  importedSection,
  type Points,
  pointsFrom,
  prependPoint,
} from './section.ts';
import { equal } from './tolerance.ts';

const SOMA_NAMES = ['CellBody', 'Cell Body', 'Soma'];
const TREE_TYPES: ReadonlyMap<string, number> = new Map([
  ['Axon', 2],
  ['Dendrite', 3],
  ['Apical', 4],
]);

/** The sections in the order they end up in the file, none connected to a soma yet. */
export function parseAsc(source: Source): ImportedSection[] {
  return new AscParser(source).file();
}

class AscParser {
  readonly #file: string;
  readonly #tokens: readonly Token[];
  readonly #points = emptyPoints();
  readonly #sections: ImportedSection[] = [];
  #at = 0;
  #parent: ImportedSection | null = null;
  #treeType = 0;
  /** First words of the properties read last. */
  #properties: string[] = [];

  constructor(source: Source) {
    this.#file = source.file;
    this.#tokens = ascTokens(source);
  }

  file(): ImportedSection[] {
    this.#objects();
    this.#rest();
    return this.#sections;
  }

  /** NEURON stops in silence at whatever opens no object; what is left must at least have its parentheses in order. */
  #rest(): void {
    const opened: Token[] = [];
    for (; this.#kind() !== 'end'; this.#next()) {
      const { kind, text } = this.#token();
      const mark = kind === 'unknown' ? text : kind;
      if (mark === '(') opened.push(this.#token());
      else if (mark === ')' && opened.pop() === undefined) {
        throw this.#wrong('a parenthesis is closed that was never opened');
      }
    }
    const open = opened.pop();
    if (open !== undefined) throw this.#wrong('a parenthesis is opened here and never closed', open);
  }

  #token(ahead = 0): Token {
    const last = this.#tokens[this.#tokens.length - 1] as Token;
    return this.#tokens[this.#at + ahead] ?? last;
  }

  #kind(ahead = 0): TokenKind {
    return this.#token(ahead).kind;
  }

  #next(): void {
    this.#at++;
  }

  #wrong(what: string, token = this.#token()): Error {
    if (token.kind === 'unknown') {
      return malformed(this.#file, token.line, `${JSON.stringify(token.text)} has no meaning here`);
    }
    return malformed(this.#file, token.line, what);
  }

  #expect(kind: TokenKind): void {
    if (this.#kind() === kind) return;
    const found = { ...this.#token() };
    const names: Partial<Record<TokenKind, string>> = {
      end: 'the end of the file',
      label: found.text,
      string: 'a string',
    };
    const what = names[found.kind] ?? (found.kind === 'number' ? `${found.value}` : `"${found.kind}"`);
    throw this.#wrong(`expected ${kind === 'number' ? 'a number' : `"${kind}"`}, found ${what}`);
  }

  #take(kind: TokenKind): void {
    this.#expect(kind);
    this.#next();
  }

  #comma(): void {
    if (this.#kind() === ',') this.#next();
  }

  #objects(): void {
    do {
      this.#object();
      this.#comma();
    } while (this.#kind() === '(');
  }

  #object(): void {
    this.#expect('(');
    const inside = this.#kind(1);
    if (inside === 'string') this.#contour();
    else if (inside === 'label') this.#markerOrProperty();
    else if (inside === '(') this.#treeOrText();
    else if (inside === 'set') this.#set();
    else throw this.#wrong('expected an outline, a tree, a marker or a property', this.#token(1));
  }

  #contour(): void {
    this.#next();
    const keep = SOMA_NAMES.includes(this.#token().text);
    this.#next();
    const begin = this.#points.x.length;
    this.#propertyList();
    this.#pointList();
    if (keep && this.#points.x.length - begin > 2) {
      const section = importedSection(1, pointsFrom(this.#points, begin), true);
      this.#sections.push(section);
    }
    this.#take(')');
  }

  #markerOrProperty(): void {
    if (this.#kind(2) !== '(') {
      this.#property();
      return;
    }
    this.#next();
    this.#next();
    this.#propertyList();
    this.#pointList();
    this.#take(')');
  }

  /** Both begin alike: it is a text where a string follows the first point, else a tree. */
  #treeOrText(): void {
    const begin = this.#at;
    this.#next();
    this.#propertyList();
    this.#point();
    if (this.#kind() === 'string' && this.#kind(1) === ')') {
      this.#next();
      this.#next();
      return;
    }
    this.#at = begin;
    this.#tree();
  }

  #set(): void {
    this.#next();
    this.#next();
    this.#take('string');
    if (this.#kind() !== ')') this.#objects();
    this.#take(')');
  }

  #propertyList(): void {
    this.#properties = [];
    if (!this.#propertyAhead()) return;
    do {
      if (this.#kind(1) === 'label') this.#property();
      else this.#set();
      this.#comma();
    } while (this.#propertyAhead());
  }

  #propertyAhead(): boolean {
    return this.#kind() === '(' && (this.#kind(1) === 'label' || this.#kind(1) === 'set');
  }

  #property(): void {
    this.#next();
    this.#properties.push(this.#token().text);
    this.#take('label');
    for (;;) {
      const kind = this.#kind();
      if (kind === 'rgb') this.#colour();
      else if (kind !== 'number' && kind !== 'string' && kind !== 'label') break;
      this.#next();
    }
    this.#take(')');
  }

  /** RGB (1, 2, 3), up to the closing parenthesis. */
  #colour(): void {
    this.#next();
    this.#take('(');
    this.#take('number');
    this.#comma();
    this.#take('number');
    this.#comma();
    this.#take('number');
    this.#expect(')');
  }

  #pointList(): void {
    do {
      this.#point();
      this.#comma();
    } while (this.#kind() === '(');
  }

  #point(): void {
    const line = this.#token().line;
    const [x, y, z, d] = this.#coordinates();
    addPoint(this.#points, [x, y, z, d, line]);
  }

  /** (x y z diameter label (curve)), of which the last four may be absent. */
  #coordinates(): [x: number, y: number, z: number, d: number] {
    const { line } = this.#token();
    this.#take('(');
    const x = this.#number();
    this.#comma();
    const y = this.#number();
    let [z, d] = [0, 0];
    this.#comma();
    if (this.#kind() === 'number') {
      z = this.#number();
      this.#comma();
      if (this.#kind() === 'number') {
        d = this.#number();
        this.#comma();
        if (this.#kind() === 'label') this.#next();
        this.#curve();
      }
    }
    if (this.#kind() === '(') throw malformed(this.#file, line, 'a point is opened here and not closed');
    this.#take(')');
    return [x, y, z, d];
  }

  #number(): number {
    this.#expect('number');
    const { value, line } = this.#token();
    if (!Number.isFinite(value)) throw malformed(this.#file, line, 'a coordinate or diameter is not a finite number');
    this.#next();
    return value;
  }

  #curve(): void {
    this.#comma();
    if (this.#kind() !== '(') return;
    this.#next();
    for (let k = 0; k < 4; k++) {
      if (k > 0) this.#comma();
      this.#take('number');
    }
    this.#take(')');
  }

  #tree(): void {
    this.#parent = null;
    this.#take('(');
    this.#propertyList();
    this.#treeType = TREE_TYPES.get(this.#properties.at(-1) ?? '') ?? 0;
    this.#branch();
    this.#take(')');
    this.#parent = null;
  }

  #branch(): void {
    const parent = this.#parent;
    const begin = this.#points.x.length;
    const line = this.#token().line;
    this.#treePoints();
    if (this.#points.x.length === begin) throw malformed(this.#file, line, 'a branch has no points');
    const points = pointsFrom(this.#points, begin);
    const section = importedSection(this.#treeType, points);
    if (parent !== null) joinTo(parent.points, points);
    section.parent = parent;
    this.#sections.push(section);
    this.#parent = section;
    this.#branchEnd();
    this.#parent = parent;
  }

  #treePoints(): void {
    do {
      if (this.#kind(1) === 'label') {
        this.#markerOrProperty();
      } else {
        this.#point();
        while (this.#kind() === '<') this.#spine();
      }
      this.#comma();
    } while (this.#kind() === '(' && this.#kind(1) === 'number');
  }

  #spine(): void {
    this.#next();
    this.#propertyList();
    this.#coordinates();
    this.#take('>');
  }

  #branchEnd(): void {
    this.#comma();
    if (this.#kind() === '(') while (this.#kind(1) === 'label') this.#skipMarkers();
    this.#comma();
    if (this.#kind() === '(') {
      this.#next();
      this.#branch();
      while (this.#kind() === '|') {
        this.#next();
        this.#branch();
      }
      this.#take(')');
    } else if (this.#kind() === 'label') {
      this.#next();
    }
  }

  /** Over everything up to the parenthesis that closes this one. */
  #skipMarkers(): void {
    this.#expect('(');
    const opened = this.#token();
    for (let depth = 1; depth > 0; ) {
      this.#next();
      const kind = this.#kind();
      if (kind === ')') depth--;
      else if (kind === '(') depth++;
      else if (kind === 'unknown') throw this.#wrong('');
      else if (kind === 'end')
        throw malformed(this.#file, opened.line, 'a parenthesis is opened here and never closed');
    }
    this.#next();
  }
}

/** A branch begins where its parent ends; where the file does not repeat that point it is put in. */
function joinTo(parent: Points, own: Points): void {
  const last = parent.x.length - 1;
  const [x, y, z] = [at(parent.x, last), at(parent.y, last), at(parent.z, last)];
  if (equal(x, at(own.x, 0)) && equal(y, at(own.y, 0)) && equal(z, at(own.z, 0))) return;
  prependPoint(own, [x, y, z, at(own.d, 0), at(own.line, 0)]);
}
