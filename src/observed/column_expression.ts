/** The value of an expression in each row of a table; `expression_reader.ts` has the syntax. */
import { counted } from "../numerics/counted.ts";
import { nearestNames } from "./table_columns.ts";

/** A column of numbers of a user's table. */
export interface SourceColumn {
  /** Name of the column in the table. */
  readonly name: string;
  /** Unit of the column in the file; "" if it gives none. */
  readonly unit: string;
  /** Values per row; 1 for most columns. */
  readonly width: number;
  /** Row-major, [rows x width]; NaN for what is missing. `null` for a column of text. */
  readonly values: ArrayLike<number> | null;
  /** Why the values cannot be read; "" or absent if they can. */
  readonly fault?: string;
}

/** The value of an expression in one row, or the reason why it has none. */
export type Evaluated = number | string;

/** An expression whose columns have been found in a table. */
export interface Expression {
  /** Values per row: 1, or the width of its vector columns. */
  readonly width: number;
  /** Value `index` (below `width`) in a row. */
  evaluate(row: number, index: number): Evaluated;
}

/** A function that expressions may use. */
interface NamedFunction {
  of(x: number): number;
  takes(x: number): boolean;
  /** The argument that the function refuses, in words. */
  readonly argument: string;
}

/** The functions by name. */
export const FUNCTIONS: Readonly<Record<string, NamedFunction>> = {
  log10: { of: Math.log10, takes: (x) => x > 0, argument: "not above 0" },
  ln: { of: Math.log, takes: (x) => x > 0, argument: "not above 0" },
  exp: { of: Math.exp, takes: () => true, argument: "" },
};

/** Operators between two expressions. */
export type Operator = "+" | "-" | "*" | "/" | "^";

const OPERATORS: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
};

/** An expression that has the same number in every row. */
export function constant(value: number): Expression {
  return { width: 1, evaluate: () => value };
}

/**
 * The values of a column.
 *
 * @param text The whole expression, for messages
 * @throws {TypeError} If it is a column of text
 */
export function readColumn(
  { name, width, values, fault }: SourceColumn,
  text: string,
): Expression {
  if (fault) {
    throw new TypeError(
      `Cannot read expression "${text}": column ${name} cannot be read: ${fault}`,
    );
  }
  if (values === null) {
    throw new TypeError(
      `Cannot read expression "${text}": column ${name} holds text, numbers are needed`,
    );
  }
  return {
    width,
    evaluate: (row, index) => {
      const value = values[row * width + index]!;
      if (Number.isFinite(value)) return value;
      return Number.isNaN(value) ? `${name} is not a number` : `${name} is infinite`;
    },
  };
}

/**
 * One value of a vector column.
 *
 * @throws {TypeError} If it is a column of text, or has fewer values
 */
export function readElement(column: SourceColumn, index: number, text: string): Expression {
  const { evaluate, width } = readColumn(column, text);
  if (index < width) return { width: 1, evaluate: (row) => evaluate(row, index) };
  throw new TypeError(
    `Cannot read expression "${text}": ${column.name} has ${width} values per row, ` +
      `${column.name}[0] to ${column.name}[${width - 1}]; there is no [${index}]`,
  );
}

/**
 * Two expressions joined by an operator; one of width 1 counts for every value of the other.
 *
 * @throws {TypeError} If they are vectors of different widths
 */
export function combine(operator: Operator, left: Expression, right: Expression): Expression {
  const width = Math.max(left.width, right.width);
  if ([left, right].some((part) => part.width !== 1 && part.width !== width)) {
    throw new TypeError(
      `Cannot read expression: vectors of ${left.width} and ${
        counted(right.width, "value")
      } are joined by ` +
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

/**
 * A function of an expression.
 *
 * @param text How the argument is written
 */
export function applyFunction(
  { of, takes, argument }: NamedFunction,
  inner: Expression,
  text: string,
): Expression {
  return {
    width: inner.width,
    evaluate: (row, index) => {
      const x = inner.evaluate(row, index);
      if (typeof x === "string") return x;
      return takes(x) ? of(x) : `${text} is ${argument}`;
    },
  };
}

/** The error for a missing column, which names the nearest column names. */
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
  const near = nearestNames(bare, columns.map((column) => column.name));
  const hint = near.length === 0 ? "the table has none" : `the nearest are ${near.join(", ")}`;
  return new TypeError(`Cannot map columns: there is no column ${name}, ${hint}`);
}
