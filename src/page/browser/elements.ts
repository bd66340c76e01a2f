/** Elements of the page: found, created and filled; text is never inserted as markup. */
/// <reference lib="dom" />
import { printable } from "../../observed/printable.ts";

/** The element with an id that the page has. */
export function get<E extends HTMLElement = HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}

/** Properties that an element may be given. */
export interface Properties {
  readonly id?: string;
  readonly class?: string;
  readonly type?: string;
  readonly value?: string;
  readonly for?: string;
  readonly name?: string;
  readonly list?: string;
  readonly scope?: string;
  readonly lang?: string;
  readonly autocomplete?: string;
  readonly spellcheck?: string;
  readonly "aria-label"?: string;
  readonly "aria-describedby"?: string;
  readonly "aria-current"?: string;
}

/** A new element with its children; characters that could deceive are written as their codes. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.append(...children.map((child) => typeof child === "string" ? printable(child) : child));
  return element;
}

/** Replaces the children of an element. */
export function fill(element: Element, ...children: readonly (Node | string)[]): void {
  element.replaceChildren(
    ...children.map((child) => typeof child === "string" ? printable(child) : child),
  );
}

/** Shows or hides an element. */
export function show(element: HTMLElement, isShown: boolean): void {
  element.hidden = !isShown;
}

/** A table of texts and elements; the first column holds the heads of its rows. */
export function makeTable(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly (Node | string)[])[],
): HTMLElement {
  const head = make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)));
  const body = rows.map((row) =>
    make(
      "tr",
      {},
      ...row.map((cell, i) => i === 0 ? make("th", { scope: "row" }, cell) : make("td", {}, cell)),
    )
  );
  const table = make(
    "table",
    {},
    make("caption", {}, caption),
    make("thead", {}, head),
    make("tbody", {}, ...body),
  );
  const scroll = make("div", { class: "scroll" }, table);
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", caption);
  return scroll;
}

/** Offers a file to be saved. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
