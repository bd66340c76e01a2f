/** The switch between a light and a dark page. */
/// <reference lib="dom" />
import { get } from "./elements.ts";

/** Shows the switch; until it is used, the page follows the system. */
export function startTheme(): void {
  const root = document.documentElement;
  const query = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset["theme"] ?? (query.matches ? "dark" : "light")) === "dark";
  const button = get("theme");
  const announce = () => button.textContent = isDark() ? "Light page" : "Dark page";
  button.addEventListener("click", () => {
    root.dataset["theme"] = isDark() ? "light" : "dark";
    announce();
  });
  query.addEventListener("change", announce);
  announce();
  button.hidden = false;
}
