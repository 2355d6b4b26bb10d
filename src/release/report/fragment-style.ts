/**
 * The look of gates' fragments, to stand once in the page that has them. A fragment is a `<div class="evidence">`; the
 * page gives --ink, --soft, --line, --page and --card, in light and in dark, and what is printed is light.
 */
export const fragmentStyle = `
.evidence { --candidate: #2a62b3; --champion: #98a2b3; --pass: #067647; --fail: #b42318; --inconclusive: #b54708; --not: #667085; container-type: inline-size; }
@media screen and (prefers-color-scheme: dark) { .evidence { --candidate: #82b1f5; --champion: #667085; --pass: #47cd89; --fail: #f97066; --inconclusive: #fdb022; --not: #98a2b3; } }
.evidence h4 { font-size: .95rem; margin: 1.6rem 0 .4rem; } .evidence h4 small { color: var(--soft); font-weight: 400; }
.evidence p { margin: .3rem 0; max-width: 46rem; } .evidence .quiet { color: var(--soft); font-size: .88rem; }
.evidence .wide { overflow-x: auto; }
.evidence table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .88rem; }
.evidence th, .evidence td { text-align: left; vertical-align: top; padding: .4rem 1.1rem .4rem 0; border-bottom: 1px solid var(--line); white-space: normal; max-width: 24rem; }
.evidence thead th { color: var(--soft); font-weight: 500; font-size: .8rem; white-space: nowrap; } .evidence tbody th { font-weight: 600; overflow-wrap: anywhere; }
.evidence .number { text-align: right; white-space: nowrap; } .evidence td small, .evidence th small { display: block; color: var(--soft); font-size: .78rem; font-weight: 400; }
.evidence .measures { width: 100%; } .evidence .measures tbody th { min-width: 8.5rem; }
.evidence .badge { display: inline-block; font-size: .74rem; font-weight: 600; padding: .05rem .5rem; border-radius: 99px; border: 1px solid; white-space: nowrap; text-transform: none; letter-spacing: 0; }
.evidence .pass { --tone: var(--pass); } .evidence .fail { --tone: var(--fail); } .evidence .inconclusive { --tone: var(--inconclusive); } .evidence .not_applicable, .evidence .told { --tone: var(--not); }
.evidence .badge { color: var(--tone); }
.evidence .notes { padding-left: 1.1rem; color: var(--soft); font-size: .88rem; max-width: 50rem; } .evidence .notes li { margin: .2rem 0; }
.evidence .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1rem 2rem; align-items: start; } .evidence figure { margin: 0; max-width: 26rem; }
.evidence figcaption { font-size: .88rem; font-weight: 600; margin-bottom: .2rem; } .evidence figcaption small { color: var(--soft); font-weight: 400; }
.evidence svg { display: block; width: 100%; height: auto; } .evidence svg text { fill: var(--soft); font: 11px system-ui, sans-serif; } .evidence svg text.axis { fill: var(--ink); }
.evidence .grid { stroke: var(--line); stroke-width: 1; } .evidence .guide { stroke: var(--soft); stroke-dasharray: 3 4; opacity: .7; }
.evidence .curve { fill: none; stroke-width: 2; stroke-linejoin: round; } .evidence .curve.candidate { stroke: var(--candidate); } .evidence .curve.champion { stroke: var(--champion); stroke-dasharray: 6 3; }
.evidence .dot.candidate { fill: var(--candidate); } .evidence .dot.champion { fill: var(--page); stroke: var(--champion); stroke-width: 2; }
.evidence .whisker { stroke: var(--candidate); stroke-width: 1.5; opacity: .55; } .evidence .bars rect { fill: var(--candidate); opacity: .55; }
.evidence .intervals { max-width: 46rem; } .evidence .intervals text.name { fill: var(--ink); font-size: 12px; }
.evidence .intervals .span { stroke: var(--tone); stroke-width: 3; stroke-linecap: round; opacity: .45; } .evidence .intervals .point { fill: var(--tone); } .evidence .intervals .other { fill: var(--page); stroke: var(--champion); stroke-width: 2; }
.evidence .intervals .told { --tone: var(--candidate); } .evidence .mark.zero { stroke: var(--ink); } .evidence .mark.limit { stroke: var(--fail); stroke-dasharray: 4 3; } .evidence .mark.overall { stroke: var(--soft); stroke-dasharray: 2 3; }
.evidence .legend { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; font-size: .85rem; } .evidence .legend em { color: var(--soft); font-style: normal; }
.evidence .legend i { display: inline-block; width: 1.4rem; height: 0; border-top: 3px solid; margin-right: .5rem; vertical-align: .25em; } .evidence .legend i.candidate { border-color: var(--candidate); } .evidence .legend i.champion { border-color: var(--champion); border-top-style: dashed; }
.evidence .confusion td { padding: .4rem .8rem; border: 2px solid var(--page); } .evidence .confusion td.right { background: color-mix(in srgb, var(--candidate) calc(var(--share) * .6), transparent); } .evidence .confusion td.wrong { background: color-mix(in srgb, var(--fail) calc(var(--share) * .6), transparent); }
.evidence .confusion td { background-clip: padding-box; } .evidence .confusion td small { color: inherit; opacity: .75; }
.evidence .tree, .evidence .tree ul { list-style: none; margin: 0; padding-left: 1.2rem; border-left: 1px solid var(--line); } .evidence .tree { border: 0; padding: 0; font-size: .88rem; max-width: 50rem; } .evidence .tree li > div > span + span { text-align: right; }
.evidence .tree li > div { display: grid; grid-template-columns: minmax(0, 1fr) 4.5rem 11rem; gap: .8rem; align-items: center; padding: .15rem 0; }
.evidence .tree i, .evidence .meter { display: block; height: .55rem; border-radius: 2px; background: var(--fail); opacity: .6; min-width: 2px; } .evidence .tree small { color: var(--soft); }
.evidence td.meter-cell { width: 9rem; } .evidence .meter { background: var(--candidate); margin-top: .35rem; }
.evidence .importance { max-width: 46rem; } .evidence svg text.name { fill: var(--ink); font-size: 12px; } .evidence .bar.candidate { fill: var(--candidate); } .evidence .bar.champion { fill: var(--champion); opacity: .7; } .evidence .importance .whisker { stroke: var(--ink); opacity: .75; }
.evidence .charts.many { grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); } .evidence .charts.swarms { grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); } .evidence .swarms figure { max-width: 36rem; }
.evidence .swarm, .evidence h4 { --low: #2a78d6; --high: #d6336c; } .evidence .swarm .ranked { fill: color-mix(in oklab, var(--high) var(--rank), var(--low)); opacity: .75; } .evidence .swarm .bare { fill: var(--not, #667085); opacity: .6; }
.evidence h4 i { display: inline-block; width: .6rem; height: .6rem; border-radius: 50%; } .evidence h4 i.low { background: var(--low); } .evidence h4 i.high { background: var(--high); }
.evidence details { margin: .4rem 0; } .evidence summary { color: var(--soft); font-size: .85rem; cursor: pointer; }
@media print { .evidence svg, .evidence tr, .evidence figure { break-inside: avoid; } .evidence { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`
