/**
 * The page that predicts for people who see no screen or use no mouse: names, announcements, and the keyboard
 * alone, in Chromium.
 */
import { assertEquals, assertGreater } from "@std/assert";
import { formatTable } from "../src/formats/mod.ts";
import { makePage } from "../src/page/mod.ts";
import type { TestPage } from "./chromium.ts";
import { withBrowser } from "./chromium.ts";
import { drawMockTable } from "./mock_table.ts";
import { drop, predict, textOf, waitForStart } from "./page_steps.ts";
import { testWith } from "./tools.ts";

const MOCK = [...formatTable(drawMockTable({ seed: 3, catalogs: 1 }))].join("");

/** Opens the page with a file read and its columns found. */
async function withFile(use: (page: TestPage) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "terse_page_access_" });
  Deno.writeTextFileSync(`${folder}/predict.html`, await makePage({ version: "test" }));
  try {
    await withBrowser((withPage) =>
      withPage(`file://${folder}/predict.html`, async (page) => {
        await waitForStart(page);
        await drop(page, "mock.csv", MOCK);
        await page.waitFor(`document.getElementById("predict").disabled === false`);
        await use(page);
      })
    );
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function press({ send }: TestPage, key: "Tab" | "Enter"): Promise<void> {
  const code = { Tab: 9, Enter: 13 }[key];
  const event = { key, code: key, windowsVirtualKeyCode: code };
  await send("Input.dispatchKeyEvent", {
    ...event,
    type: "keyDown",
    ...(key === "Enter" && { text: "\r" }),
  });
  await send("Input.dispatchKeyEvent", { ...event, type: "keyUp" });
}

interface AccessibleNode {
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly ignored: boolean;
  readonly properties?: readonly { readonly name: string; readonly value: { value?: unknown } }[];
}

/** What a screen reader is told of the page. */
async function readTree({ send }: TestPage): Promise<AccessibleNode[]> {
  await send("Accessibility.enable");
  const { nodes } = await send("Accessibility.getFullAXTree") as { nodes: AccessibleNode[] };
  return nodes.filter(({ ignored }) => !ignored);
}

await testWith(
  ["chromium"],
  "Every control has a name of its own, and the verdict is announced",
  () =>
    withFile(async (page) => {
      await predict(page);
      const tree = await readTree(page);
      const roles =
        /^(button|textbox|combobox|checkbox|DisclosureTriangle|image|img|region|figure)$/;
      const controls = tree.filter(({ role }) => roles.test(role?.value ?? ""))
        // A figure is named by the picture in it.
        .filter(({ role }) => role!.value !== "figure");
      assertGreater(controls.length, 25);
      const names = controls.map(({ role, name }) => `${role!.value} ${name?.value ?? ""}`);
      assertEquals(names.filter((name) => / $/.test(name)), []);
      assertEquals(names.length, new Set(names).size, names.join("\n"));
      const live = tree.filter(({ properties }) =>
        properties?.some(({ name, value }) => name === "live" && value.value === "polite")
      );
      assertGreater(live.length, 2);
      const announced = tree.filter(({ role, name }) =>
        role?.value === "StaticText" && / Verdict: consistent\.$/.test(name?.value ?? "")
      );
      assertEquals(announced.length, 1);
      const wrong = "document.querySelectorAll('[aria-describedby]').length === " +
        "[...document.querySelectorAll('[aria-describedby]')].filter((one) => " +
        "document.getElementById(one.getAttribute('aria-describedby'))).length";
      assertEquals(await page.evaluate(wrong), true);
    }),
);

/** Everything on the page that a mouse can use, in the order of the page. */
const USABLE =
  `[...document.querySelectorAll("a[href], button, input, select, summary, [tabindex]")]
  .filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility())`;

await testWith(
  ["chromium"],
  "The keyboard alone reaches every control in order, and leads from the file to the answer",
  () =>
    withFile(async (page) => {
      await page.evaluate("document.activeElement.blur()");
      const count = await page.evaluate<number>(`(globalThis.usable = ${USABLE}).length`);
      assertGreater(count, 20);
      const reached: number[] = [];
      for (let i = 0; i < count; i++) {
        await press(page, "Tab");
        reached.push(await page.evaluate("usable.indexOf(document.activeElement)"));
      }
      assertEquals(reached, [...reached.keys()]);
      assertEquals(await page.evaluate("document.activeElement.id"), "predict");
      // What has the focus can be seen to have it; the file's own control lies behind its label.
      const outline = (id: string) =>
        page.evaluate(
          `(document.getElementById("${id}").focus(), getComputedStyle(document.activeElement).outlineStyle)`,
        );
      assertEquals(await outline("theme"), "solid");
      await press(page, "Enter");
      assertEquals(await page.evaluate("document.documentElement.dataset.theme"), "dark");
      await page.evaluate(`document.getElementById("predict").focus()`);
      await press(page, "Enter");
      await page.waitFor(`document.activeElement.id === "answer-title"`);
      await page.waitFor(`${textOf("strongest")} !== ""`);
      await press(page, "Tab");
      assertEquals(await page.evaluate("document.activeElement.id"), "observable");
    }),
);
