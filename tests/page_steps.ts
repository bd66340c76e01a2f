/** What a person does on the page that predicts, in any browser. */

/** What both browsers can do. */
export interface Steps {
  /** Runs JavaScript in the page and returns its value. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression is true in the page. */
  waitFor(expression: string): Promise<void>;
}

/** The text of an element. */
export const textOf = (id: string): string => `document.getElementById("${id}").textContent`;

const isShown = (id: string): string => `document.getElementById("${id}").hidden === false`;

/** Whether one of the page's own errors is shown. */
const HAS_FAULT = `(${textOf("fault")} !== "")`;

/** Waits until the page has loaded its networks. */
export async function waitForStart({ evaluate, waitFor }: Steps): Promise<void> {
  await waitLong({ evaluate, waitFor }, `${isShown("app")} || ${isShown("cannot-start")}`);
}

/** Drops a file on the page, and waits until it has been read or refused. */
export async function drop(
  { evaluate, waitFor }: Steps,
  name: string,
  content: Uint8Array | string,
): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  await dropFile(
    { evaluate, waitFor },
    name,
    `Uint8Array.from(atob("${base64}"), (c) => c.charCodeAt(0))`,
  );
  await waitLong({ evaluate, waitFor }, `${isShown("step-columns")} || ${HAS_FAULT}`);
}

/** Drops a file whose content is an expression in the page. */
export async function dropFile(
  { evaluate }: Steps,
  name: string,
  content: string,
): Promise<void> {
  await evaluate(`(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([${content}], ${JSON.stringify(name)}));
    document.getElementById("drop").dispatchEvent(
      new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
  })()`);
}

/** Writes into a field as a person would. */
export async function write({ evaluate }: Steps, id: string, value: string): Promise<void> {
  await evaluate(`(() => {
    const field = document.getElementById(${JSON.stringify(id)});
    field.value = ${JSON.stringify(value)};
    field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  })()`);
}

/** Waits longer than a page's own answers take: for work on long tables, on a machine under load. */
export async function waitLong({ evaluate }: Steps, expression: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await evaluate<boolean>(expression)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`never true in the page: ${expression}`);
}

/** Waits for the check of the columns, predicts, and waits for the answer or its refusal. */
export async function predict(page: Steps): Promise<void> {
  await waitLong(page, `document.getElementById("predict").disabled === false`);
  await page.evaluate(`document.getElementById("predict").click()`);
  await waitLong(
    page,
    `(${isShown("step-answer")} && ${textOf("verdict")} !== "") || ${HAS_FAULT}`,
  );
  await waitLong(page, `${textOf("strongest")} !== "" || ${HAS_FAULT}`);
}
