/**
 * FITS header cards: 80 ASCII characters each, 36 to a block of 2880 bytes (FITS standard 4.0,
 * section 4). Long strings use CONTINUE; COMMENT, HISTORY and blank cards hold text.
 */

/** Bytes of a FITS block; headers and data are padded to a multiple of it. */
export const FITS_BLOCK = 2880;

const CARD = 80;
const CARDS_A_BLOCK = FITS_BLOCK / CARD;
/** Most cards of a header that is read; no table needs a tenth of them. */
const MOST_CARDS = 100_000;
/** Characters between the quotes of one card's string. */
const STRING_SPACE = 68;
/** Strings are padded to this length, as the standard asks of XTENSION and old readers of all. */
const STRING_MINIMUM = 8;
/** Fixed format puts the last character of a number or logical here, counted from column 11. */
const FIXED_WIDTH = 20;

/** What a header card may hold; whole numbers past 2^53 are bigint, a card without value null. */
export type HeaderValue = string | number | bigint | boolean | null;

/** One entry of a FITS header. */
export interface HeaderCard {
  /** Up to 8 capital letters, digits, "-" and "_"; "COMMENT" and "HISTORY" hold text. */
  readonly keyword: string;
  /** The value, or the text of a commentary card; trailing blanks are not kept. */
  readonly value: HeaderValue;
  /** What follows the "/"; on writing, it is shortened to the room that the card has left. */
  readonly comment?: string;
  /** Why the value cannot be read, in a header read with {@linkcode HeaderReading.keepFaults}. */
  readonly fault?: string;
}

/** Keywords whose cards hold text in columns 9 to 80 and no value. */
const COMMENTARY: readonly string[] = ["COMMENT", "HISTORY", ""];

/** The first card of every keyword, by the header it belongs to. */
const INDEXES = new WeakMap<readonly HeaderCard[], ReadonlyMap<string, HeaderCard>>();

/**
 * The value of the first card with this keyword; undefined if there is none.
 *
 * @throws {SyntaxError} If the card was kept although its value cannot be read
 */
export function headerValue(
  cards: readonly HeaderCard[],
  keyword: string,
): HeaderValue | undefined {
  const card = indexOf(cards).get(keyword);
  if (card?.fault !== undefined) throw new SyntaxError(card.fault);
  return card?.value;
}

function indexOf(cards: readonly HeaderCard[]): ReadonlyMap<string, HeaderCard> {
  const known = INDEXES.get(cards);
  if (known) return known;
  const index = new Map<string, HeaderCard>();
  for (const card of cards) if (!index.has(card.keyword)) index.set(card.keyword, card);
  INDEXES.set(cards, index);
  return index;
}

/**
 * Cards as text, with END and padded to whole blocks.
 *
 * @throws {RangeError} If a keyword, a number or a character has no place in a FITS header
 */
export function encodeHeader(cards: readonly HeaderCard[]): Uint8Array {
  const lines = [...cards.flatMap(cardLines), "END"];
  const blocks = Math.ceil(lines.length / CARDS_A_BLOCK);
  const text = lines.map((line) => line.padEnd(CARD)).join("");
  return new TextEncoder().encode(text.padEnd(blocks * FITS_BLOCK));
}

function cardLines({ keyword, value, comment }: HeaderCard): string[] {
  const found = `keyword is "${keyword}", should be up to 8 of A-Z, 0-9, - and _`;
  checkText(keyword, /^[A-Z0-9_-]{0,8}$/, found);
  if (COMMENTARY.includes(keyword)) return commentaryLines(keyword, String(value ?? ""));
  const start = `${keyword.padEnd(8)}= `;
  if (typeof value === "string") return stringLines(start, keyword, value, comment);
  const text = numberText(keyword, value).padStart(FIXED_WIDTH);
  return [withComment(start + text, keyword, comment)];
}

function commentaryLines(keyword: string, text: string): string[] {
  checkAscii(keyword, text);
  const room = CARD - 8;
  const lines = Math.max(1, Math.ceil(text.length / room));
  return Array.from(
    { length: lines },
    (_, i) => keyword.padEnd(8) + text.slice(i * room, (i + 1) * room),
  );
}

/** A string over as many cards as it needs: each but the last ends in "&" (section 4.2.1.2). */
function stringLines(start: string, keyword: string, value: string, comment?: string): string[] {
  checkAscii(keyword, value);
  const quoted = value.replaceAll("'", "''");
  if (quoted.length <= STRING_SPACE) {
    return [withComment(`${start}'${quoted.padEnd(STRING_MINIMUM)}'`, keyword, comment)];
  }
  const lines: string[] = [];
  let rest = quoted;
  while (rest.length > 0) {
    let room = rest.length <= STRING_SPACE ? rest.length : STRING_SPACE - 1;
    // An escaped quote must not be cut in two.
    const quotes = /'*$/.exec(rest.slice(0, room))![0].length;
    if (room < rest.length && quotes % 2 === 1) room--;
    const more = room < rest.length ? "&" : "";
    lines.push(`${lines.length === 0 ? start : "CONTINUE  "}'${rest.slice(0, room)}${more}'`);
    rest = rest.slice(room);
  }
  return lines;
}

function numberText(keyword: string, value: number | bigint | boolean | null): string {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "T" : "F";
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return String(value);
  if (!Number.isFinite(value)) {
    throw new RangeError(`Cannot write FITS header: ${keyword} is ${value}, should be finite`);
  }
  const [digits, exponent] = String(value).split("e");
  const decimal = digits!.includes(".") ? digits! : `${digits}.0`;
  return exponent === undefined ? decimal : `${decimal}E${exponent}`;
}

function withComment(line: string, keyword: string, comment: string | undefined): string {
  if (!comment) return line;
  checkAscii(keyword, comment);
  return `${line.padEnd(30)} / ${comment}`.slice(0, CARD).padEnd(line.length);
}

function checkAscii(keyword: string, text: string): void {
  checkText(text, /^[ -~]*$/, `${keyword} is "${text}", printable ASCII is needed`);
}

function checkText(text: string, pattern: RegExp, problem: string): void {
  if (!pattern.test(text)) throw new RangeError(`Cannot write FITS header: ${problem}`);
}

/** How a header is read. */
export interface HeaderReading {
  /**
   * Whether a card that cannot be read is kept with its fault, which is then thrown by
   * {@linkcode headerValue} only where the card is needed. Such a card is an error otherwise.
   */
  readonly keepFaults: boolean;
}

/** A decoded header and where it ends. */
export interface DecodedHeader {
  readonly cards: readonly HeaderCard[];
  /** The first byte after the header's last block. */
  readonly end: number;
}

/**
 * The header that begins at `start`.
 *
 * @param bytes The whole file
 * @param start The header's first byte
 * @param place What the header is called in messages: "HDU 2"
 * @throws {SyntaxError} If there is no END, or a card cannot be read, naming it
 */
export function decodeHeader(
  bytes: Uint8Array,
  start: number,
  place: string,
  { keepFaults }: HeaderReading = { keepFaults: false },
): DecodedHeader {
  const cards: HeaderCard[] = [];
  for (let at = start, number = 1;; at += CARD, number++) {
    if (number > MOST_CARDS) {
      throw new SyntaxError(
        `Cannot read FITS: the header of ${place} has no END among its first ${MOST_CARDS} cards`,
      );
    }
    if (at + CARD > bytes.length) {
      throw new SyntaxError(
        `Cannot read FITS: the header of ${place} has no END before the file's end at byte ${bytes.length}`,
      );
    }
    const card = bytes.subarray(at, at + CARD);
    const text = String.fromCharCode(...card);
    const bad = card.findIndex((byte) => byte < 32 || byte > 126);
    if (bad >= 0) {
      const fault =
        `Cannot read FITS: card ${number} of ${place} has byte ${card[bad]} at ${bad}, ` +
        `printable ASCII is needed`;
      if (!keepFaults) throw new SyntaxError(fault);
      cards.push({ keyword: text.slice(0, 8).trimEnd(), value: null, fault });
      continue;
    }
    if (text.trimEnd() === "END") {
      const blocks = Math.ceil((at + CARD - start) / FITS_BLOCK);
      const end = start + blocks * FITS_BLOCK;
      return { cards: keepFaults ? doubtRepeated(cards, place) : cards, end };
    }
    const previous = cards.at(-1);
    const read = (card: string) =>
      keepFaults ? readAnyCard(card, number, place) : readCard(card, number, place);
    if (text.startsWith("CONTINUE  ") && endsInAmpersand(previous)) {
      const next = read(`CONTINUE= ${text.slice(10)}`);
      cards[cards.length - 1] = {
        ...previous,
        value: previous.value.slice(0, -1) + String(next.value ?? ""),
      };
    } else cards.push(read(text));
  }
}

/** Cards without the values of keywords that are given twice with different values. */
function doubtRepeated(cards: readonly HeaderCard[], place: string): readonly HeaderCard[] {
  const first = new Map<string, HeaderCard>();
  const doubted = new Map<string, string>();
  for (const card of cards) {
    const { keyword, value } = card;
    if (COMMENTARY.includes(keyword) || keyword === "CONTINUE") continue;
    const known = first.get(keyword);
    if (known === undefined) first.set(keyword, card);
    else if (known.value !== value) {
      doubted.set(
        keyword,
        `Cannot read FITS: ${keyword} of ${place} is given twice, as ${known.value} and as ${value}`,
      );
    }
  }
  if (doubted.size === 0) return cards;
  return cards.map((card) => {
    const fault = doubted.get(card.keyword);
    return fault === undefined ? card : { keyword: card.keyword, value: null, fault };
  });
}

/** A card as far as it can be read: lowercase keywords are accepted, and a fault is kept. */
function readAnyCard(text: string, number: number, place: string): HeaderCard {
  const keyword = text.slice(0, 8).trimEnd().toUpperCase();
  try {
    return readCard(keyword.padEnd(8) + text.slice(8), number, place);
  } catch (error) {
    return { keyword, value: null, fault: (error as Error).message };
  }
}

function endsInAmpersand(
  card: HeaderCard | undefined,
): card is HeaderCard & { readonly value: string } {
  return card !== undefined && typeof card.value === "string" && card.value.endsWith("&") &&
    !COMMENTARY.includes(card.keyword);
}

const STRING = /^'((?:[^']|'')*)'\s*(?:\/\s*(.*))?$/;
const OTHER = /^([^/']*?)\s*(?:\/\s*(.*))?$/;
const INTEGER = /^[+-]?\d+$/;
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[ED][+-]?\d+)?$/i;
const COMPLEX = /^\(.*\)$/;

function readCard(text: string, number: number, place: string): HeaderCard {
  const keyword = text.slice(0, 8).trimEnd();
  if (text.slice(8, 10) !== "= " || COMMENTARY.includes(keyword)) {
    return { keyword, value: text.slice(8).trimEnd() };
  }
  const field = text.slice(10).trim();
  const string = STRING.exec(field);
  const other = OTHER.exec(field);
  const comment = (string ?? other)?.[2];
  const value = string
    ? string[1]!.replaceAll("''", "'").trimEnd()
    : other
    ? parseValue(other[1]!)
    : undefined;
  if (value === undefined) {
    throw new SyntaxError(
      `Cannot read FITS: card ${number} of ${place} (${keyword}) is ${field}, ` +
        `a string in quotes, a number, T or F is needed`,
    );
  }
  return { keyword, value, ...(comment ? { comment } : {}) };
}

/** A number, logical or nothing; complex values stay text; undefined if it is none of them. */
function parseValue(text: string): HeaderValue | undefined {
  if (text === "") return null;
  if (text === "T" || text === "F") return text === "T";
  if (INTEGER.test(text)) {
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : BigInt(text.replace(/^\+/, ""));
  }
  if (FLOAT.test(text)) return Number(text.replace(/d/i, "E"));
  return COMPLEX.test(text) ? text : undefined;
}
