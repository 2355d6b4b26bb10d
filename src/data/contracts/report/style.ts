import { raw } from 'hono/html'

/** The look of a page of results: readable without a network, on paper, and in the dark. */
export const style = raw(`<style>
:root { color-scheme: light dark; --ink: #1c2430; --soft: #667085; --line: #e4e7ec; --page: #fff; --card: #f8f9fb;
  --success: #067647; --warn: #b54708; --fail: #b42318; --error: #6941c6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #98a2b3; --line: #2c3340; --page: #12161d; --card: #1a2029;
  --success: #47cd89; --warn: #fdb022; --fail: #f97066; --error: #b692f6; } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main { max-width: 64rem; margin: 0 auto; padding: 2.5rem 1.5rem 5rem }
header h1 { margin: 0; font-size: 1.6rem; display: flex; gap: .75rem; align-items: center; flex-wrap: wrap }
header p { margin: .35rem 0 0; color: var(--soft) }
.badge { font-size: .8rem; font-weight: 600; padding: .2rem .7rem; border-radius: 99px; border: 1.5px solid; text-transform: uppercase; letter-spacing: .04em }
.passed, .success { color: var(--success) } .warned, .warn { color: var(--warn) } .failed, .fail { color: var(--fail) } .error { color: var(--error) }
.bar { display: flex; gap: 2px; height: .5rem; margin: 1.4rem 0 .6rem; border-radius: 4px; overflow: hidden }
.bar i { background: currentColor; min-width: 3px }
.tally { display: flex; gap: 1.5rem; flex-wrap: wrap; color: var(--soft) } .tally b { font-size: 1.1rem }
.only { margin-left: auto; cursor: pointer }
body:has(#only:checked) .success, body:has(#only:checked) section:not(:has(.warn, .fail, .error)) { display: none }
section { margin-top: 1.8rem }
h2 { font-size: 1rem; margin: 0 0 .4rem; overflow-wrap: anywhere } h2 small { color: var(--soft); font-weight: 400 }
.checks { border: 1px solid var(--line); border-radius: 8px; overflow: hidden }
.check + .check { border-top: 1px solid var(--line) }
.check.success { --tone: var(--success) } .check.warn { --tone: var(--warn) } .check.fail { --tone: var(--fail) } .check.error { --tone: var(--error) }
.line { display: grid; grid-template-columns: 1.4rem minmax(0, 1.15fr) minmax(0, 1fr); gap: .6rem; padding: .55rem .9rem; align-items: baseline }
.mark { font-weight: 700 } .sentence { color: var(--ink); overflow-wrap: anywhere } .observed { color: var(--soft); overflow-wrap: anywhere }
.fail .observed, .warn .observed, .error .observed { color: inherit; font-weight: 500 }
summary { list-style: none; cursor: pointer } summary::-webkit-details-marker { display: none }
summary:hover { background: var(--card) }
.more { padding: .2rem .9rem 1rem 2.9rem; color: var(--ink) }
.more h3 { font-size: .78rem; font-weight: 600; color: var(--soft); margin: .8rem 0 .3rem; text-transform: uppercase; letter-spacing: .04em }
.share { height: .4rem; background: var(--line); border-radius: 3px; max-width: 24rem; overflow: hidden } .share i { display: block; height: 100%; background: var(--tone); min-width: 2px }
.values { display: grid; grid-template-columns: minmax(4rem, max-content) minmax(6rem, 16rem) max-content; gap: .15rem .8rem; align-items: center; font-size: .85rem }
.values code { overflow-wrap: anywhere; max-width: 24rem } .values i { display: block; height: .6rem; background: var(--tone); opacity: .6; border-radius: 2px; min-width: 2px } .values span { color: var(--soft); font-variant-numeric: tabular-nums }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: .82rem; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; max-width: 22rem; overflow: hidden; text-overflow: ellipsis }
th { color: var(--soft); font-weight: 600 } th.about, td.about { color: var(--ink); font-weight: 600 } td.null { color: var(--soft); font-style: italic }
code { font: .92em ui-monospace, monospace } footer { margin-top: 3rem; color: var(--soft); font-size: .85rem }
@media (max-width: 40rem) { .line { grid-template-columns: 1.4rem 1fr } .observed { grid-column: 2 } }
@media print { .only { display: none } details > * { display: block } }
</style>`)
