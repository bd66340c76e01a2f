/**
 * Expressions of a table's columns: `log10(M500[Msun]*h)`, `ln(T)/2.303`, `lgL + 0.3`. They say how
 * the columns of somebody's table become the quantities of this toolkit.
 *
 * @module
 */

/** A column of numbers of somebody's table. */
export interface SourceColumn {
  /** As the table calls it. */
  readonly name: string;
  /** As the file gives it; "" if it does not. */
  readonly unit: string;
  /** Values a row; 1 for most columns. */
  readonly width: number;
  /** Row-major, [rows x width]; NaN for what is missing. `null` for a column of text. */
  readonly values: ArrayLike<number> | null;
}

/** The value of an expression in one row, or in words why it has none. */
export type Evaluated = number | string;

/** An expression whose columns have been found. */
export interface Expression {
  /** Values a row: 1, or the width of its vector columns. */
  readonly width: number;
  /** Value `index` (below `width`) in a row. */
  evaluate(row: number, index: number): Evaluated;
}

/** Functions by name, with the arguments they take. */
const FUNCTIONS: Readonly<
  Record<string, { of(x: number): number; takes(x: number): boolean; argument: string }>
> = {
  log10: { of: Math.log10, takes: (x) => x > 0, argument: "not above 0" },
  ln: { of: Math.log, takes: (x) => x > 0, argument: "not above 0" },
  exp: { of: Math.exp, takes: () => true, argument: "" },
};

type Operator = "+" | "-" | "*" | "/" | "^";

const OPERATORS: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
};

/**
 * Reads an expression.
 *
 * There are numbers, `h`, columns, + - * / ^, parentheses, log10, ln and exp. A column is written as
 * it is called, with spaces and brackets if it has them, or in double quotes; `T[keV]` is also the
 * column T if the table gives keV as its unit. `h` is the Hubble parameter, and a column of that name
 * needs quotes.
 *
 * @example
 * ```ts
 * import { readExpression } from "@clusters/terse";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const mass = { name: "M 500", unit: "Msun", width: 1, values: [1e14, -1] };
 * const { evaluate } = readExpression("log10(M 500[Msun] * h)", [mass], 0.7);
 * assertAlmostEquals(evaluate(0, 0) as number, 13.845098, 1e-6);
 * ```
 *
 * @param text The expression
 * @param columns Of the table
 * @param h The Hubble parameter of the table's distances and masses
 * @throws {SyntaxError} If the text is no expression
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

/** Longer texts are no expressions of people, and could nest deeper than the stack. */
const LONGEST = 1000;

/** Recursive descent; the place in the text is its state. */
class ExpressionReader {
  #at = 0;
  readonly #text: string;
  readonly #columns: readonly SourceColumn[];
  readonly #names: readonly { readonly name: string; readonly column: SourceColumn }[];
  readonly #h: number;

  constructor(text: string, columns: readonly SourceColumn[], h: number) {
    if (text.length > LONGEST) {
      throw new SyntaxError(
        `Cannot read expression: it has ${text.length} characters, up to ${LONGEST} are taken`,
      );
    }
    this.#text = text;
    this.#columns = columns;
    this.#h = h;
    // Longest first, so that "M500 err" is not read as "M500".
    this.#names = columns.flatMap((column) => [
      { name: column.name, column },
      ...(column.unit === "" ? [] : ["", " "].map((blank) => ({
        name: `${column.name}${blank}[${column.unit}]`,
        column,
      }))),
    ]).sort((a, b) => b.name.length - a.name.length);
  }

  readAll(): Expression {
    const expression = this.#sum();
    if (this.#peek() !== "") throw this.#fault("the end");
    return expression;
  }

  #sum(): Expression {
    let left = this.#product();
    for (let next = this.#peek(); next === "+" || next === "-"; next = this.#peek()) {
      this.#at++;
      left = combine(next, left, this.#product());
    }
    return left;
  }

  #product(): Expression {
    let left = this.#signed();
    for (let next = this.#peek(); next === "*" || next === "/"; next = this.#peek()) {
      this.#at++;
      left = combine(next, left, this.#signed());
    }
    return left;
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
      const otherUnit = /^ *\[[^\]]*\]/.exec(rest.slice(named.name.length))?.[0];
      if (otherUnit !== undefined) throw missingColumn(named.name + otherUnit, this.#columns);
      this.#at += named.name.length;
      return readColumn(named.column, this.#text);
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
    const column = this.#names.find((entry) => entry.name === name)?.column;
    if (!column) throw missingColumn(name, this.#columns);
    return readColumn(column, this.#text);
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
    return {
      width: argument.width,
      evaluate: (row, index) => {
        const x = argument.evaluate(row, index);
        if (typeof x === "string") return x;
        return entry.takes(x) ? entry.of(x) : `${inner} is ${entry.argument}`;
      },
    };
  }

  /** The next letter that is no blank; "" at the end. */
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

/** Whether a text begins with a column's name, and not with a longer word. */
function beginsWith(text: string, name: string): boolean {
  if (name === "" || !text.startsWith(name)) return false;
  return !(/\w$/.test(name) && /^\w/.test(text.slice(name.length)));
}

function constant(value: number): Expression {
  return { width: 1, evaluate: () => value };
}

function readColumn({ name, width, values }: SourceColumn, text: string): Expression {
  if (values === null) {
    throw new TypeError(
      `Cannot read expression "${text}": column ${name} holds text, numbers are needed`,
    );
  }
  return {
    width,
    evaluate: (row, index) => {
      const value = values[row * width + index]!;
      return Number.isFinite(value) ? value : `${name} is not a number`;
    },
  };
}

function combine(operator: Operator, left: Expression, right: Expression): Expression {
  const width = Math.max(left.width, right.width);
  if ([left, right].some((part) => part.width !== 1 && part.width !== width)) {
    throw new TypeError(
      `Cannot read expression: vectors of ${left.width} and ${right.width} values are joined by ` +
        `"${operator}", they should be equally long`,
    );
  }
  const at = (part: Expression, row: number, index: number) =>
    part.evaluate(row, part.width === 1 ? 0 : index);
  return {
    width,
    evaluate: (row, index) => {
      const a = at(left, row, index);
      if (typeof a === "string") return a;
      const b = at(right, row, index);
      if (typeof b === "string") return b;
      return OPERATORS[operator](a, b);
    },
  };
}

/** Names the columns that are nearest to what was written. */
export function missingColumn(name: string, columns: readonly SourceColumn[]): TypeError {
  const bare = name.replace(/ *\[[^\]]*\]$/, "");
  const same = columns.find((column) => column.name === bare);
  if (same) {
    const unit = same.unit === "" ? "no unit" : `the unit ${same.unit}`;
    return new TypeError(
      `Cannot map columns: ${name} is asked for, the table gives ${bare} ${unit}` +
        (same.unit === "" ? `; write ${bare} if that is its unit` : ""),
    );
  }
  const near = nearestColumns(bare, columns);
  const hint = near.length === 0 ? "the table has none" : `the nearest are ${near.join(", ")}`;
  return new TypeError(`Cannot map columns: there is no column ${name}, ${hint}`);
}

/** Names that are told where one is missing. */
const NEAREST = 3;

/** The names of columns that are most like a word, the nearest first. */
function nearestColumns(word: string, columns: readonly SourceColumn[]): string[] {
  return columns.map((column) => column.name)
    .sort((a, b) => distance(a, word) - distance(b, word))
    .slice(0, NEAREST);
}

/** Letters to insert, remove or replace (Levenshtein), blind to case. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const letter of a.toLowerCase()) {
    const next = [row[0]! + 1];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (letter === b[j - 1]!.toLowerCase() ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
