/** The page's style: light and dark tones of the figures' palette, narrow screens, and print. */
import type { ColorName } from "./palette.ts";
import { COLORS } from "./palette.ts";

const NAMES = Object.keys(COLORS) as ColorName[];

function tones(tone: "light" | "dark"): string {
  return NAMES.map((name) => `--${name}:${COLORS[name][tone]};`).join("");
}

const PAINT: string = NAMES.map((name) =>
  `svg .s-${name}{stroke:var(--${name})}svg .f-${name}{fill:var(--${name})}`
).join("\n");

/** The text of the page's style element. */
export const PAGE_STYLE: string = `
:root{color-scheme:light;--page:#f5f6f8;--accent:#16857c;${tones("light")}}
@media (prefers-color-scheme:dark){:root:not([data-theme="light"]){color-scheme:dark;--page:#0d1117;--accent:#3fd0c0;${
  tones("dark")
}}}
:root[data-theme="dark"]{color-scheme:dark;--page:#0d1117;--accent:#3fd0c0;${tones("dark")}}
${PAINT}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,"DejaVu Sans",Arial,sans-serif}
header,main,footer{max-width:1080px;margin:0 auto;padding:0 20px}
header{padding-top:28px;display:flex;flex-wrap:wrap;gap:12px 24px;align-items:flex-start;justify-content:space-between}
h1{font-size:1.7rem;line-height:1.25;margin:0;flex:1 1 24rem}
h2{font-size:1.3rem;margin:2.6rem 0 .6rem;padding-top:.6rem;border-top:1px solid var(--grid)}
h3{font-size:1.02rem;margin:0 0 .5rem}
p{margin:.5rem 0;max-width:46rem}
a{color:var(--accent)}
sub,sup{font-size:.72em;line-height:0}
button,select{font:inherit;font-size:.85rem;color:var(--ink);background:var(--sheet);border:1px solid var(--muted);border-radius:6px;padding:4px 10px;cursor:pointer}
button:hover,select:hover{border-color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-999px}
.skip:focus{left:12px;top:8px;background:var(--sheet);padding:6px 12px;z-index:2}
nav ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:4px 14px;font-size:.9rem}
nav .absent{color:var(--muted)}
.card{background:var(--sheet);border:1px solid var(--grid);border-radius:10px;padding:16px 18px;margin:16px 0}
figure{margin:16px 0}
.plot,.scroll,.wide{overflow-x:auto}
figure svg{display:block;margin:0 auto;max-width:100%;height:auto}
figcaption{font-size:.93rem;max-width:52rem}
.wide td{white-space:normal;min-width:9rem}
.verdicts{padding-left:1.1rem}
#answers td{white-space:normal}
#answers h2{border:0;margin:0 0 .4rem;padding:0}
#settings summary{cursor:pointer;font-weight:600}
.absent-note{color:var(--muted);font-style:italic}
.tools{display:flex;flex-wrap:wrap;gap:6px;margin-top:10px}
[hidden]{display:none!important}
table{border-collapse:collapse;font-size:.9rem;margin:.6rem 0;min-width:24rem}
caption{text-align:left;font-weight:600;padding-bottom:.4rem}
th,td{text-align:left;vertical-align:top;padding:4px 14px 4px 0;border-bottom:1px solid var(--grid);font-variant-numeric:tabular-nums}
thead th{border-bottom:2px solid var(--muted)}
tbody th{font-weight:500}
td{white-space:nowrap}
td:last-child{white-space:normal}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px;font-size:.92rem;margin:.6rem 0}
.facts dt{color:var(--muted)}
.facts dd{margin:0;overflow-wrap:anywhere}
.flag{font-weight:600}
.views{display:grid;grid-template-columns:minmax(0,1.5fr) minmax(0,1fr);gap:18px}
.controls{display:flex;flex-wrap:wrap;gap:8px 16px;margin:.6rem 0;font-size:.9rem}
.controls label{display:flex;gap:6px;align-items:center}
canvas{display:block;width:100%;border:1px solid var(--grid);border-radius:6px;touch-action:manipulation}
#plane{aspect-ratio:4/3;cursor:crosshair}
#map{aspect-ratio:3/4;cursor:crosshair}
.key{display:flex;gap:8px;align-items:center;font-size:.8rem;margin-top:8px}
#key{height:12px;flex:1;width:auto;min-width:0}
.hint{font-size:.85rem;color:var(--muted)}
footer{padding-bottom:40px;font-size:.85rem;color:var(--muted)}
@media (max-width:720px){
body{font-size:15px}
header,main,footer{padding-left:12px;padding-right:12px}
.card{padding:12px}
figure svg.wide{max-width:none}
td:last-child{min-width:13rem}
tbody th{min-width:5rem}
#answers table{font-size:.8rem;min-width:0}
#answers td,#answers td:last-child{min-width:4.5rem;padding-right:8px}
.views{grid-template-columns:minmax(0,1fr)}
.facts{grid-template-columns:1fr}
.facts dt{margin-top:.3rem}
#map{aspect-ratio:1}
}
@media print{
:root,:root:not([data-theme="light"]),:root[data-theme="dark"]{color-scheme:light;--page:#ffffff;--accent:#16857c;${
  tones("light")
}}
body{font-size:10.5pt;background:#ffffff}
header,main,footer{max-width:none;padding:0}
.tools,.linked,#explorer,nav,#theme,.skip{display:none!important}
.card{border:0;padding:0}
figure,table{break-inside:avoid}
h2,h3{break-after:avoid}
figure svg{max-width:100%;max-height:16cm;height:auto}
figure svg:not(.wide){max-width:11.5cm}
figure .plot,.scroll{overflow:visible}
table{min-width:0;font-size:9pt}
a{color:inherit;text-decoration:none}
}
`;
