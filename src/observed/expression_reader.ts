/**
 * Reads expressions of a table's columns: `log10(M500[Msun]*h)`, `ln(T)/2.303`, `lgL + 0.3`. They say
 * how the columns of somebody's table become the quantities of this toolkit.
 *
 * @module
 */
import type { Expression, SourceColumn } from "./column_expression.ts";
import {
  applyFunction,
  combine,
  constant,
  FUNCTIONS,
  missingColumn,
  readColumn,
} from "./column_expression.ts";

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
 * import { readExpression } from "@clusters/terse/observed";
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
    return applyFunction(entry, argument, inner);
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
