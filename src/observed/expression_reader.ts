/**
 * Reads expressions of a table's columns, such as `log10(M500[Msun]*h)`, `ln(T)/2.303` or `lgL +
 * 0.3`, which turn the columns of a user's table into the quantities of this toolkit.
 */
import type { Expression, Operator, SourceColumn } from "./column_expression.ts";
import {
  applyFunction,
  combine,
  constant,
  FUNCTIONS,
  missingColumn,
  readColumn,
  readElement,
} from "./column_expression.ts";
import { ambiguous, placesOf } from "./table_columns.ts";

/**
 * Reads an expression.
 *
 * There are numbers, `h`, columns, + - * / ^, parentheses, log10, ln and exp. A column is written as
 * it is called, with spaces and brackets if it has them, or in double quotes; `T[keV]` is also the
 * column T if the table gives keV as its unit. Of a vector column, `T[0]` is the first value. Of two columns
 * called T, `"T#2"` is the second. `h` is the Hubble parameter, and a column of that name
 * needs quotes.
 *
 * @example
 * ```ts
 * import { readExpression } from "@clusters/terse/observed";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const mass = { name: "M 500", unit: "Msun", width: 1, values: [1e14, -1] };
 * const { evaluate } = readExpression("log10(M 500[Msun] * h)", [mass], 0.7);
 * assertAlmostEquals(evaluate(0, 0) as number, 13.845098, 1e-6);
 * ```
 *
 * @param text The expression
 * @param columns Columns of the table
 * @param h The Hubble parameter of the table's distances and masses
 * @throws {SyntaxError} If the text is not an expression
 * @throws {TypeError} If a column is not in the table, holds text or has another unit
 */
export function readExpression(
  text: string,
  columns: readonly SourceColumn[],
  h: number,
): Expression {
  const reader = new ExpressionReader(text, columns, h);
  return reader.readAll();
}

/** The places of the columns that an expression uses; see {@linkcode readExpression}. */
export function placesUsed(
  text: string,
  columns: readonly SourceColumn[],
  h: number,
): ReadonlySet<number> {
  const reader = new ExpressionReader(text, columns, h);
  reader.readAll();
  return reader.used;
}

/** Most characters of an expression; longer ones could nest deeper than the stack. */
const LONGEST = 1000;

/** A recursive-descent parser, whose state is the place in the text. */
class ExpressionReader {
  /** Places of the columns that were read. */
  readonly used: Set<number> = new Set();
  #at = 0;
  readonly #text: string;
  readonly #columns: readonly SourceColumn[];
  readonly #names: readonly ColumnName[];
  readonly #h: number;

  constructor(text: string, columns: readonly SourceColumn[], h: number) {
    if (text.length > LONGEST) {
      throw new SyntaxError(
        `Cannot read expression: it has ${text.length} characters, should be at most ${LONGEST}`,
      );
    }
    this.#text = text;
    this.#columns = columns;
    this.#h = h;
    // Longest first, so that "M500 err" is not read as "M500".
    this.#names = listNames(columns);
  }

  readAll(): Expression {
    const expression = this.#sum();
    if (this.#peek() !== "") throw this.#fault("the end");
    return expression;
  }

  #sum(): Expression {
    return this.#joined(["+", "-"], () => this.#product());
  }

  #product(): Expression {
    return this.#joined(["*", "/"], () => this.#signed());
  }

  /** Parts that operators of one rank join, from the left. */
  #joined(operators: readonly Operator[], readPart: () => Expression): Expression {
    let left = readPart();
    while (true) {
      const next = operators.find((operator) => operator === this.#peek());
      if (next === undefined) return left;
      this.#at++;
      left = combine(next, left, readPart());
    }
  }

  #signed(): Expression {
    if (this.#peek() !== "-") return this.#power();
    this.#at++;
    return combine("*", constant(-1), this.#signed());
  }

  #power(): Expression {
    const base = this.#operand();
    if (this.#peek() !== "^") return base;
    this.#at++;
    return combine("^", base, this.#signed());
  }

  #operand(): Expression {
    if (this.#peek() === "(") return this.#parenthesis();
    if (this.#peek() === '"') return this.#quoted();
    const rest = this.#text.slice(this.#at);
    const call = /^([A-Za-z_]\w*)\s*\(/.exec(rest)?.[1];
    const named = this.#names.find(({ name }) => name !== "h" && beginsWith(rest, name));
    if (call !== undefined && !(named && named.name.length > call.length)) return this.#call(call);
    if (named) {
      this.#at += named.name.length;
      return this.#column(named);
    }
    const number = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?(?!\w)/i.exec(rest)?.[0];
    if (number !== undefined) {
      this.#at += number.length;
      return constant(Number(number));
    }
    const word = /^[^\W\d][\w.]*( *\[[^\]]*\])?/.exec(rest)?.[0];
    if (word === undefined) throw this.#fault("a number, a column or a function");
    this.#at += word.length;
    if (word === "h") return constant(this.#h);
    throw missingColumn(word, this.#columns);
  }

  #parenthesis(): Expression {
    this.#at++;
    const inner = this.#sum();
    if (this.#peek() !== ")") throw this.#fault('")"');
    this.#at++;
    return inner;
  }

  #quoted(): Expression {
    const end = this.#text.indexOf('"', this.#at + 1);
    if (end < 0) throw this.#fault("a closing quote");
    const name = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    const entry = this.#names.find((entry) => entry.name === name);
    if (!entry) throw missingColumn(name, this.#columns);
    return this.#column(entry);
  }

  /** A column, or one element of a vector; the place in the text is after its name. */
  #column({ name, places }: ColumnName): Expression {
    const columns = this.#columns;
    const column = columns[places[0]!]!;
    if (places.length > 1) throw ambiguous(column.name, placesOf(column.name, columns));
    this.used.add(places[0]!);
    const bracket = /^ *\[([^\]]*)\]/.exec(this.#text.slice(this.#at));
    if (!bracket) return readColumn(column, this.#text);
    if (column.width === 1 || !/^\d+$/.test(bracket[1]!)) {
      throw missingColumn(name + bracket[0], columns);
    }
    this.#at += bracket[0].length;
    return readElement(column, Number(bracket[1]), this.#text);
  }

  #call(name: string): Expression {
    const entry = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]! : undefined;
    if (!entry) {
      const expected = Object.keys(FUNCTIONS).join(", ");
      throw new SyntaxError(
        `Cannot read expression "${this.#text}": there is no function ${name}, only ${expected}`,
      );
    }
    this.#at += name.length;
    this.#peek();
    const start = this.#at;
    const argument = this.#parenthesis();
    const inner = this.#text.slice(start + 1, this.#at - 1);
    return applyFunction(entry, argument, inner);
  }

  /** The next letter that is not blank; "" at the end. */
  #peek(): string {
    while (this.#text[this.#at] === " ") this.#at++;
    return this.#text[this.#at] ?? "";
  }

  #fault(expected: string): SyntaxError {
    const found = this.#text.slice(this.#at);
    return new SyntaxError(
      `Cannot read expression "${this.#text}": ${
        found === "" ? "it ends" : `there is "${found}"`
      } where ${expected} should be`,
    );
  }
}

/** A way to write a column, and the places of the columns that it names. */
interface ColumnName {
  readonly name: string;
  readonly places: readonly number[];
}

/**
 * The ways to write columns, the longest first, so that "M500 err" is not read as "M500": their names,
 * names with units, and for names that several bear, name#1 and so on.
 */
function listNames(columns: readonly SourceColumn[]): ColumnName[] {
  const exact = new Map<string, number[]>();
  const derived = new Map<string, number[]>();
  const put = (names: Map<string, number[]>, name: string, place: number) => {
    const places = names.get(name);
    if (places) places.push(place);
    else names.set(name, [place]);
  };
  columns.forEach(({ name }, place) => put(exact, name, place));
  for (const [place, { name, unit }] of columns.entries()) {
    const same = exact.get(name)!;
    const written = same.length === 1 ? [name] : [name, `${name}#${same.indexOf(place) + 1}`];
    for (const way of written) {
      if (way !== name) put(derived, way, place);
      if (unit !== "") {
        for (const blank of ["", " "]) put(derived, `${way}${blank}[${unit}]`, place);
      }
    }
  }
  // A column whose name is "T[keV]" takes precedence over a column T in keV.
  return Array.from(new Map([...derived, ...exact]), ([name, places]) => ({ name, places }))
    .sort((a, b) => b.name.length - a.name.length);
}

/** Whether a text begins with a column's name, and not with a longer word. */
function beginsWith(text: string, name: string): boolean {
  if (name === "" || !text.startsWith(name)) return false;
  return !(/\w$/.test(name) && /^\w/.test(text.slice(name.length)));
}
