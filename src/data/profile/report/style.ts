/** Colours are those of the reader's theme; paper is always light. */
export const style = `
:root {
  color-scheme: light dark;
  --ink: #1c2430; --soft: #5b6675; --faint: #e3e7ec; --ground: #f6f7f9; --paper: #fff;
  --bar: #3b74c9; --bar-soft: #9dbbe6; --warn: #b25309; --warn-ground: #fdf1e3; --minus: #c2570c; --mark: #1c2430;
  --numeric: #2a62b3; --category: #7a4bb0; --time: #0f766e; --other: #5b6675;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e4e8ee; --soft: #98a4b3; --faint: #2c3440; --ground: #11161d; --paper: #1a212b;
    --bar: #6ea3f0; --bar-soft: #3a5580; --warn: #f0a45b; --warn-ground: #34271a; --minus: #ee9657; --mark: #e4e8ee;
    --numeric: #82b1f5; --category: #c3a1ee; --time: #5cc9bf; --other: #98a4b3;
  }
}
@media print {
  :root {
    color-scheme: light;
    --ink: #1c2430; --soft: #5b6675; --faint: #d5dae0; --ground: #fff; --paper: #fff;
    --bar: #3b74c9; --bar-soft: #9dbbe6; --warn: #b25309; --warn-ground: #fff; --minus: #c2570c; --mark: #1c2430;
    font-size: 11px;
  }
  nav { display: none !important; }
  header { position: static !important; }
  article, tr, svg { break-inside: avoid; }
  section, .wide { overflow: visible !important; }
  h2 { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 6.5rem; }
body { margin: 0; color: var(--ink); background: var(--ground); }
a { color: inherit; text-decoration-color: var(--bar-soft); text-underline-offset: 3px; }
a:hover { color: var(--bar); }
header, main, footer { padding: 0 max(1.25rem, calc((100% - 76rem) / 2)); }
header { position: sticky; top: 0; z-index: 1; padding-top: 1rem; padding-bottom: .7rem; background: var(--ground); border-bottom: 1px solid var(--faint); }
header h1 { margin: 0; display: inline-block; font-size: 1.35rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
header h1 span { color: var(--soft); font-weight: 400; }
header p { display: inline-block; margin: 0 0 0 1rem; color: var(--soft); font-size: .85rem; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; align-items: center; margin-top: .35rem; font-size: .9rem; }
nav a { color: var(--soft); text-decoration: none; }
nav input { margin-left: auto; padding: .25rem .6rem; width: 13rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--faint); border-radius: 6px; }
section { margin: 2.2rem 0; overflow-x: auto; }
h2 { margin: 0 0 .7rem; font-size: 1.1rem; }
.lead, .quiet { color: var(--soft); margin: -.3rem 0 .8rem; max-width: 48rem; }
.lead b { color: var(--ink); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1px; margin-top: 1.5rem; background: var(--faint); border: 1px solid var(--faint); border-radius: 8px; overflow: hidden; }
.tiles div { padding: .8rem 1rem; background: var(--paper); }
.tiles b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; letter-spacing: -.01em; }
.tiles span { color: var(--soft); font-size: .85rem; }
.warnings { margin: 0; padding: 0; list-style: none; max-width: 60rem; }
.warnings li { position: relative; padding: .12rem 0 .12rem 1.2rem; overflow-wrap: anywhere; }
.warnings li::before { content: ""; position: absolute; left: .1rem; top: .68rem; width: .5rem; height: .5rem; border-radius: 50%; background: var(--bar-soft); }
.warnings li.warning::before { background: var(--warn); }
.warnings a { text-decoration: none; color: var(--soft); }
details summary { margin-top: .4rem; color: var(--soft); cursor: pointer; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
.overview, .ranking { width: 100%; background: var(--paper); border: 1px solid var(--faint); border-radius: 8px; border-spacing: 0; border-collapse: separate; }
.overview td, .overview th, .ranking td, .ranking th { padding: .38rem .8rem; border-bottom: 1px solid var(--faint); text-align: left; vertical-align: middle; }
tbody tr:last-child td { border-bottom: 0; }
th { font-weight: 500; font-size: .85rem; color: var(--soft); white-space: nowrap; }
.sortable th { cursor: pointer; user-select: none; }
th[aria-sort="ascending"]::after { content: " ↑"; } th[aria-sort="descending"]::after { content: " ↓"; }
td.number, th.number { text-align: right !important; white-space: nowrap; }
.overview td:first-child, .ranking td:first-child { font-weight: 600; overflow-wrap: anywhere; min-width: 9rem; max-width: 18rem; }
.gist { color: var(--soft); max-width: 24rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.spark { display: block; width: 120px; height: 26px; }
.spark rect, .bars rect { fill: var(--bar); }
.missing { display: inline-block; min-width: 4.4rem; padding: 0 .35rem; border-radius: 4px; background: linear-gradient(90deg, var(--warn-ground) var(--share), transparent 0); color: var(--warn); }
.none { color: var(--soft); padding: 0 .35rem; }
.kind { font-size: .78rem; font-weight: 500; white-space: nowrap; color: var(--other); }
.kind::before { content: ""; display: inline-block; width: .55em; height: .55em; margin-right: .35em; border-radius: 2px; background: currentColor; }
.kind.numeric { color: var(--numeric); } .kind.categorical, .kind.boolean { color: var(--category); } .kind.datetime { color: var(--time); }
.bar { width: 40%; } .bar span { display: block; height: .7rem; border-radius: 2px; background: var(--bar); min-width: 1px; }
.suspect .bar span { background: var(--warn); }
.flag { padding: .05rem .45rem; border-radius: 4px; font-size: .8rem; color: var(--warn); background: var(--warn-ground); white-space: nowrap; }
.drift { display: block; width: 200px; height: 44px; }
.drift .to { fill: var(--bar-soft); } .drift .from { fill: none; stroke: var(--mark); stroke-width: 1; }
.changes { margin: 0 0 .8rem; padding-left: 1.2rem; }
.together { display: flex; flex-wrap: wrap; gap: 2rem; align-items: flex-start; }
.heat { width: 100%; flex: 1 1 28rem; }
.heat text { font-size: 10.5px; fill: var(--soft); } .heat .ground { fill: var(--paper); } .heat .own { fill: var(--faint); }
.heat .plus { fill: var(--bar); } .heat .minus { fill: var(--minus); }
.pairs td { padding: .15rem .9rem .15rem 0; overflow-wrap: anywhere; } .pairs .measure { color: var(--soft); font-size: .85rem; white-space: nowrap; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); gap: 1rem; }
.column { padding: 1rem 1.1rem; background: var(--paper); border: 1px solid var(--faint); border-radius: 8px; min-width: 0; }
.column:target { border-color: var(--bar); }
.column h3 { margin: 0 0 .5rem; font-size: 1rem; overflow-wrap: anywhere; }
.column .storage { color: var(--soft); font-weight: 400; font-size: .78rem; }
.column .warnings { margin-bottom: .6rem; font-size: .87rem; } .column .warnings li::before { top: .58rem; }
.histogram { display: block; width: 100%; margin-bottom: .5rem; }
.histogram text { font-size: 12px; fill: var(--soft); } .histogram .axis { stroke: var(--faint); } .histogram .mark { stroke: var(--mark); stroke-opacity: .55; stroke-dasharray: 2 3; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: 0 1.2rem; margin: 0 0 .6rem; font-size: .87rem; }
dl div { display: flex; justify-content: space-between; gap: .6rem; border-bottom: 1px dotted var(--faint); }
dt { color: var(--soft); white-space: nowrap; } dd { margin: 0; font-variant-numeric: tabular-nums; text-align: right; }
.values { width: 100%; font-size: .87rem; } .values td { padding: .1rem .5rem .1rem 0; } .values .value { max-width: 12rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.values .bar { width: 55%; } .values .bar span { height: .6rem; }
.patterns { margin: .3rem 0 0; } code { padding: .05rem .35rem; border-radius: 4px; background: var(--ground); font: .82rem ui-monospace, monospace; overflow-wrap: anywhere; }
footer { padding-top: 1rem; padding-bottom: 2rem; color: var(--soft); font-size: .85rem; }
[hidden] { display: none !important; }
`
