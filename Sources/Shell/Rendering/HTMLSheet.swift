/// The looks of a page: one sheet, fonts of the reader's own system, light or dark as the reader's system is.

enum HTMLSheet {
  /// Every pair of a text and its ground has a contrast of 4.5 at least, in both schemes.
  static let css = """
    :root{color-scheme:light dark;--ground:#fff;--soft:#f4f5f7;--text:#1b1f24;--dim:#57606a;--line:#d5d9de;\
    --bad:#b3161c;--bad-ground:#ffe9e8;--good:#13652b;--good-ground:#dff5e3;--warning:#7d4a00;--warning-ground:#fff3d6}
    @media (prefers-color-scheme:dark){:root{--ground:#14171b;--soft:#1e2329;--text:#e7eaee;--dim:#a3adb8;--line:#39414a;\
    --bad:#ff9a92;--bad-ground:#43191a;--good:#86dd9b;--good-ground:#12351d;--warning:#f3c26b;--warning-ground:#3a2b0c}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
    body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,\
    "Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
    main,footer{max-width:76rem;margin:0 auto;padding:1.5rem 1.25rem}
    footer{padding-top:0;color:var(--dim);font-size:.875rem}
    h1{margin:0 0 .25rem;font-size:1.75rem;line-height:1.2}
    h2{margin:2.25rem 0 .25rem;font-size:1.25rem;line-height:1.3}
    p{margin:.25rem 0 .75rem;max-width:46rem}
    .lead,h2+p,.remarks{color:var(--dim)}
    dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.75rem 1.5rem;margin:1.25rem 0;padding:1rem;\
    background:var(--soft);border-radius:.5rem}
    dt{color:var(--dim);font-size:.875rem}
    dd{margin:0}
    .notices{margin:1.25rem 0;padding:0;list-style:none}
    .notices li{margin:0 0 .5rem;padding:.625rem .875rem;border-left:.25rem solid var(--warning);border-radius:.25rem;\
    background:var(--warning-ground)}
    .notices b{color:var(--warning)}
    .box{overflow-x:auto;margin:.75rem 0 0}
    table{border-collapse:collapse;min-width:100%;font-size:.9375rem}
    .figures table{min-width:0}
    .wide table{width:max-content}
    caption{padding:0 0 .375rem;color:var(--dim);text-align:left}
    th,td{padding:.4375rem .875rem .4375rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;\
    overflow-wrap:break-word;max-width:32rem}
    thead th{color:var(--dim);font-size:.93em;font-weight:600;white-space:nowrap}
    tbody th{font-weight:600}
    .n{text-align:right;font-variant-numeric:tabular-nums}
    .sum th,.sum td{border-top:2px solid var(--line);font-weight:600}
    .id,time{white-space:nowrap}
    .id,.f{color:var(--dim)}
    code{color:var(--dim);font:.86em ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace;white-space:nowrap}
    del,ins{padding:0 .1875rem;border-radius:.1875rem;white-space:pre-wrap;-webkit-box-decoration-break:clone;\
    box-decoration-break:clone}
    del{color:var(--bad);background:var(--bad-ground)}
    ins{color:var(--good);background:var(--good-ground);text-decoration:none}
    .bad{color:var(--bad)}.good{color:var(--good)}.warning{color:var(--warning)}
    summary{margin:.75rem 0 0;cursor:pointer}
    :focus-visible{outline:2px solid var(--good);outline-offset:2px}
    .sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    @media screen and (max-width:44rem){
    main,footer{padding-left:1rem;padding-right:1rem}
    h1{font-size:1.5rem}
    dl{gap:.375rem}
    dl>div{display:grid;grid-template-columns:8.5rem minmax(0,1fr);gap:0 .75rem;align-items:baseline}
    .rows table,.wide table,.rows tbody,.rows tr,.rows th,.rows td,.rows caption{display:block;width:auto;max-width:none}
    .rows thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    .rows tbody tr{margin:0 0 .75rem;padding:.5rem .75rem;border:1px solid var(--line);border-radius:.5rem}
    .rows tbody th,.rows tbody td{display:grid;grid-template-columns:6.5rem minmax(0,1fr);gap:0 .75rem;padding:.1875rem 0;\
    border:0;text-align:left;overflow-wrap:anywhere}
    .rows td::before,.rows tbody th::before{content:attr(data-label);grid-row:1/span 99;color:var(--dim);font-size:.875rem;\
    font-weight:400}
    .rows td>*,.rows tbody th>*{grid-column:2}
    .rows td:empty{display:none}
    .rows .id,.rows code{white-space:normal}
    }
    @media print{
    :root{color-scheme:light;--ground:#fff;--soft:#fff;--text:#000;--dim:#444;--line:#999;--bad:#8a0f14;--bad-ground:#fff;\
    --good:#0d4d20;--good-ground:#fff;--warning:#5c3600;--warning-ground:#fff}
    @page{margin:14mm}
    body{font-size:9.5pt}
    main,footer{max-width:none;padding:0}
    dt,caption,thead th{font-size:8.5pt}
    table{font-size:8.5pt}
    .box{overflow:visible}
    .rows table{width:100%}
    .rows td{overflow-wrap:anywhere}
    thead{display:table-header-group}
    tr,dl,.notices li{break-inside:avoid}
    h2,h2+p,summary{break-after:avoid}
    ins{text-decoration:underline}
    details::details-content{display:block;content-visibility:visible;height:auto}
    }

    """
}
