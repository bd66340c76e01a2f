/** The page's tools as script text: the switch between light and dark, and saving figures. */

/** Runs in the page: shows the tools, switches the theme, saves SVG, PNG and CSV. */
export const PAGE_TOOLS: string = String.raw`
(() => {
  "use strict";
  const root = document.documentElement;
  const darkQuery = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ?? (darkQuery.matches ? "dark" : "light")) === "dark";
  const button = document.getElementById("theme");
  const announce = () => {
    button.textContent = isDark() ? "Light page" : "Dark page";
    document.dispatchEvent(new Event("themechange"));
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    announce();
  });
  darkQuery.addEventListener("change", announce);
  announce();

  const numbers = JSON.parse(document.getElementById("figure-numbers").textContent);
  const PNG_SCALE = 2;

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  function serialize(figure) {
    return new XMLSerializer().serializeToString(figure.querySelector("svg"));
  }

  function savePng(figure, name) {
    const svg = figure.querySelector("svg");
    const url = URL.createObjectURL(new Blob([serialize(figure)], { type: "image/svg+xml" }));
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = PNG_SCALE * svg.width.baseVal.value;
      canvas.height = PNG_SCALE * svg.height.baseVal.value;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(url);
      canvas.toBlob((blob) => save(blob, name + ".png"), "image/png");
    };
    image.src = url;
  }

  for (const figure of document.querySelectorAll("figure[id]")) {
    const tools = figure.querySelector(".tools");
    if (!tools) continue;
    tools.hidden = false;
    tools.addEventListener("click", (event) => {
      const { save: kind, panel } = event.target.dataset;
      if (kind === "svg") {
        save(new Blob([serialize(figure)], { type: "image/svg+xml" }), figure.id + ".svg");
      } else if (kind === "png") {
        savePng(figure, figure.id);
      } else if (kind === "csv") {
        const text = numbers[figure.id][panel];
        save(new Blob([text], { type: "text/csv" }), figure.id + "_" + panel + ".csv");
      }
    });
  }
})();
`;
