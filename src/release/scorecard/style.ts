/** Of the scorecard: one column on a screen, A4 on paper; the colours that gates' fragments ask their page for. */
export const scorecardStyle = `
:root { color-scheme: light dark; --ink: #1a1d21; --soft: #5b626c; --line: #dfe3e8; --page: #fff; --card: #fff; --good: #067647; --bad: #b42318; --warn: #b54708; font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a3abb6; --line: #33383f; --page: #121519; --card: #1b1f24; --good: #47cd89; --bad: #f97066; --warn: #fdb022; } }
* { box-sizing: border-box; } body { margin: 0; background: var(--page); color: var(--ink); } main { max-width: 56rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; overflow-wrap: break-word; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .1rem 0 .2rem; } h2 { font-size: 1.25rem; margin: 2.6rem 0 .6rem; padding-top: .7rem; border-top: 2px solid var(--ink); } h3 { font-size: 1.02rem; margin: 1.6rem 0 .3rem; }
h3 .word, .targets .word { font-weight: 600; font-size: .85rem; } .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); } .none { color: var(--soft); }
p { margin: .4rem 0; } .brand, .quiet { color: var(--soft); font-size: .9rem; } .brand { margin: 0; }
.verdict { font-size: 1.15rem; font-weight: 600; margin: 1rem 0; padding: .7rem 1rem; border: 1px solid var(--line); border-left: 5px solid currentColor; border-radius: .4rem; } .verdict span { color: var(--ink); font-weight: 400; font-size: .95rem; display: block; }
.wide { overflow-x: auto; } main table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; width: 100%; } main th, main td { text-align: left; vertical-align: top; padding: .35rem 1rem .35rem 0; border-bottom: 1px solid var(--line); font-weight: 400; } main thead th { color: var(--soft); font-size: .8rem; } main tbody th { font-weight: 600; }
dl { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: .25rem 1rem; margin: .5rem 0; font-size: .92rem; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
pre { font: .78rem/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); border-radius: .4rem; padding: .7rem .9rem; margin: .5rem 0; } code { font-family: ui-monospace, monospace; font-size: .8rem; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .88rem; margin: .8rem 0; } a { color: inherit; } .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2.5rem; } ul { padding-left: 1.2rem; margin: .4rem 0; }
.number { text-align: right; }
@media (max-width: 40rem) { dl, .pair { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
@page { size: A4; margin: 16mm 15mm 18mm; @bottom-right { content: counter(page) ' / ' counter(pages); font: 9px system-ui, sans-serif; color: #5b626c; } }
@media print { :root { color-scheme: light; font-size: 12.5px; } main { padding: 0; max-width: none; } nav { display: none; } h2, h3, h4 { break-after: avoid; } tr, figure, svg, .verdict, dl { break-inside: avoid; } section.part.long { break-before: page; } .wide { overflow: visible; } summary { list-style: none; } a { text-decoration: none; } }
`
