/**
 * The style of the page: the report's colors, in light and dark, for screens as narrow as a
 * telephone's.
 */
import type { ColorName } from "../report/palette.ts";
import { COLORS } from "../report/palette.ts";

function tones(tone: "light" | "dark"): string {
  const names = Object.keys(COLORS) as ColorName[];
  return names.map((name) => `--${name}:${COLORS[name][tone]};`).join("");
}

const LIGHT =
  `color-scheme:light;--page:#f5f6f8;--accent:#0f6f67;--good:#2b7a2b;--odd:#8a5a00;--bad:#a4262c;${
    tones("light")
  }`;
const DARK =
  `color-scheme:dark;--page:#0d1117;--accent:#3fd0c0;--good:#7ee07e;--odd:#ffc94d;--bad:#ff9a9a;${
    tones("dark")
  }`;

/** The text of the page's style element. */
export const STYLE: string = `
:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root:not([data-theme="light"]){${DARK}}}
:root[data-theme="dark"]{${DARK}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,"DejaVu Sans",Arial,sans-serif}
header,main,footer{max-width:960px;margin:0 auto;padding:0 20px}
header{padding-top:28px;display:flex;flex-wrap:wrap;gap:12px 24px;align-items:flex-start;justify-content:space-between}
h1{font-size:1.7rem;line-height:1.25;margin:0;flex:1 1 18rem}
h2{font-size:1.25rem;margin:0 0 .6rem}
h3{font-size:1.02rem;margin:1.4rem 0 .4rem}
p{margin:.5rem 0;max-width:46rem}
ul{margin:.4rem 0;padding-left:1.2rem}
li{overflow-wrap:anywhere}
a{color:var(--accent)}
button,select,input[type=text],.button{font:inherit;color:var(--ink);background:var(--sheet);border:1px solid var(--muted);border-radius:6px;padding:6px 12px;max-width:100%}
button,select,.button{cursor:pointer}
button:hover,select:hover,.button:hover{border-color:var(--accent)}
button:disabled{cursor:default;opacity:.55}
.main-button{background:var(--accent);border-color:var(--accent);color:var(--sheet);font-weight:600}
:focus-visible,.button:focus-within{outline:3px solid var(--accent);outline-offset:2px}
h2:focus{outline:none}
.skip{position:absolute;left:-999px}
.skip:focus{left:12px;top:8px;background:var(--sheet);padding:6px 12px;z-index:2}
.card{background:var(--sheet);border:1px solid var(--grid);border-radius:10px;padding:16px 18px;margin:16px 0}
.hint{font-size:.88rem;color:var(--muted)}
.drop{border:2px dashed var(--muted);border-radius:10px;padding:22px;text-align:center}
.drop[data-over]{border-color:var(--accent);border-style:solid}
.drop p{margin:.5rem auto}
.button{display:inline-block}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
details{margin:.7rem 0}
summary{cursor:pointer}
.field{margin:.7rem 0}
.field label,.target>label{display:block;font-weight:600}
.field label.unbold{display:inline;font-weight:400}
.target{border-top:1px solid var(--grid);padding:10px 0}
.target p{margin:.2rem 0}
.pair{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr);gap:8px;margin:.3rem 0}
.pair>*{width:100%}
input[type=text],code,pre{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.9rem}
.check{font-size:.9rem}
.check::before{font-weight:700;margin-right:.4em}
.check[data-state=good]::before{content:"\\2713";color:var(--good)}
.check[data-state=odd]::before{content:"!";color:var(--odd)}
.check[data-state=bad]::before{content:"\\2717";color:var(--bad)}
.check[data-state=bad]{color:var(--bad)}
.fault:not(:empty){border-left:4px solid var(--bad);padding-left:10px;overflow-wrap:anywhere}
.progress{display:flex;flex-wrap:wrap;gap:10px;align-items:center;margin-top:10px}
progress{width:14rem;max-width:100%;accent-color:var(--accent)}
.number{font-size:1.9rem;font-weight:650;font-variant-numeric:tabular-nums;margin:.2rem 0;line-height:1.2}
.badge{display:inline-block;border:2px solid currentColor;border-radius:999px;padding:2px 14px;font-weight:700}
.badge[data-verdict=consistent]{color:var(--good)}
.badge[data-verdict=caution]{color:var(--odd)}
.badge[data-verdict="do not apply"]{color:var(--bad)}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:18px}
.pictures h4{font-size:.95rem;margin:.2rem 0}
figure{margin:0;min-width:0}
.plot{display:block;width:100%;height:auto;max-width:560px}
.plot text{fill:var(--ink);font-size:12px}
.plot .tick{fill:var(--muted);font-size:11px}
.grid{stroke:var(--grid);stroke-width:1}
.frame{fill:none;stroke:var(--muted);stroke-width:1}
.curve{fill:none;stroke:var(--blue);stroke-width:2}
.area{fill:var(--blue);fill-opacity:.25}
.bar{fill:var(--teal);fill-opacity:.55}
.mocks{fill:none;stroke:var(--purple);stroke-width:1.8}
.zero{fill:none;stroke:var(--muted);stroke-width:1.2;stroke-dasharray:4 3}
.dot{fill:var(--blue);fill-opacity:.6}
.scroll,pre{overflow-x:auto}
pre{background:var(--page);border:1px solid var(--grid);border-radius:6px;padding:10px;margin:.5rem 0}
[hidden]{display:none!important}
table{border-collapse:collapse;font-size:.9rem;margin:.6rem 0}
caption{text-align:left;font-weight:600;padding-bottom:.4rem}
.scroll th,.scroll td{white-space:nowrap}
th,td{text-align:left;vertical-align:top;padding:4px 14px 4px 0;border-bottom:1px solid var(--grid);font-variant-numeric:tabular-nums}
thead th{border-bottom:2px solid var(--muted)}
tbody th{font-weight:500}
td button,th button{padding:1px 8px}
button[aria-current=true]{border-color:var(--accent);font-weight:700}
.tools{display:flex;flex-wrap:wrap;gap:8px;margin-top:12px}
footer{padding-bottom:40px;font-size:.85rem;color:var(--muted)}
@media (max-width:640px){
body{font-size:15px}
header,main,footer{padding-left:12px;padding-right:12px}
.card{padding:12px}
.pair{grid-template-columns:minmax(0,1fr)}
.number{font-size:1.5rem}
}
@media (forced-colors:active){.curve,.mocks,.zero,.frame,.grid{stroke:CanvasText}.dot,.bar,.area{fill:Highlight}}
@media print{.skip,#theme,#step-file,.tools,.progress{display:none!important}.card{border:0;padding:0}}
`;
