/**
 * The body of the page, which its program fills: three steps, and a text for browsers that run no
 * scripts.
 */

/** Markup of the body; text from files and networks is inserted as text, never as markup. */
export const BODY = `<a class="skip" href="#content">Skip to the content</a>
<header><h1>σ8 from a catalog of galaxy clusters</h1>
<button id="theme" type="button" hidden>Dark page</button></header>
<main id="content" tabindex="-1">
<p>A trained network reads σ8, the amplitude of matter fluctuations, from a table of galaxy clusters
observed in X-rays, and says whether it may be applied to that table at all.
<strong>Your file stays on this computer.</strong> This page holds all that it needs; it uploads
nothing, and its security policy forbids every connection.</p>
<noscript><section class="card"><h2>This page needs scripts</h2>
<p>Everything is computed here, in the browser, by a program in this file. Allow scripts for this page,
or use the command line, which gives the same numbers: <code>terse predict --catalog FILE</code>.</p>
</section></noscript>
<section class="card" id="cannot-start" role="alert" hidden><h2>This browser cannot run the network</h2>
<p id="cannot-start-reason" class="fault"></p>
<p>It needs WebAssembly with relaxed SIMD, shared memory and workers: Chromium or Chrome from 114,
Edge from 114, or Firefox from 145. The command line gives the same numbers:
<code>terse predict --catalog FILE</code>.</p></section>
<div id="app" hidden>
<section class="card" id="step-file" aria-labelledby="file-title"><h2 id="file-title">1. The catalog</h2>
<div class="drop" id="drop"><p>Drop a file anywhere on this page, or</p>
<label class="button main-button">Choose a file<input class="unseen" type="file" id="file"></label>
<p class="hint">FITS, VOTable, ECSV, CSV, tabs, VizieR, CDS, IPAC, SExtractor or plain text, packed
with gzip or not; up to 256 MB.</p></div>
<details><summary>How the file is read</summary>
<div class="field"><label for="missing">Values that stand for a missing one, with commas between</label>
<input type="text" id="missing" autocomplete="off" spellcheck="false" placeholder="-999,--"></div>
<div class="field"><input type="checkbox" id="ignore-checksum">
<label class="unbold" for="ignore-checksum">Read FITS tables whose data do not match their checksum</label></div>
<p class="hint">These apply to the next file that is chosen.</p></details>
<p id="file-facts" role="status"></p>
<div class="field" id="tables" hidden><label for="table">Table of the file</label>
<select id="table"></select></div>
<div class="progress" id="progress" hidden><progress id="progress-bar" aria-label="Progress"></progress>
<span id="progress-text" role="status"></span>
<button type="button" id="cancel">Cancel</button></div>
<p id="fault" class="fault" role="alert"></p></section>
<section class="card" id="step-columns" aria-labelledby="columns-title" hidden>
<h2 id="columns-title">2. Its columns</h2>
<p id="table-facts"></p><ul id="table-notes" class="hint"></ul>
<details><summary>All columns of the table</summary><div id="all-columns"></div></details>
<div class="field"><label for="network">Network</label><select id="network"></select></div>
<p>Choose the column of each quantity, or write an expression of columns:
<code>+ - * / ^</code>, <code>log10</code>, <code>ln</code>, <code>exp</code>, <code>h</code>, and columns
by name or in double quotes; <code>T[keV]</code> checks the unit. Nothing is assumed about a unit that
the table does not give.</p>
<div id="targets"></div>
<div class="target"><label for="h">Hubble parameter <code>h</code> in expressions</label>
<input type="text" id="h" value="0.704" inputmode="decimal" autocomplete="off"></div>
<div class="target"><label for="catalog-id">Column that distinguishes several catalogs</label>
<select id="catalog-id"></select></div>
<p id="check-all" role="status"></p><ul id="refusals" class="hint"></ul>
<button type="button" class="main-button" id="predict" disabled>Predict σ8</button></section>
<section class="card" id="step-answer" aria-labelledby="answer-title" hidden>
<h2 id="answer-title" tabindex="-1">3. σ8</h2>
<ul id="warnings" class="hint"></ul><div id="catalogs"></div>
<h3 id="catalog-name"></h3>
<p class="number" id="sigma8"></p><p id="intervals"></p><p class="hint" id="scatter"></p>
<p>Is it safe to apply the network to this catalog? <span class="badge" id="verdict"></span></p>
<ul id="reasons"></ul>
<ul id="used" class="hint"></ul>
<div id="posterior"><h3>Posterior</h3><figure id="posterior-plot"></figure>
<p class="hint">Shaded: the central 68%. The prior is flat; outside of it the network knows nothing.</p></div>
<div id="figures"><h3>What the network makes of each cluster</h3>
<p>The network turns the pixels of each cluster into one number, its terse value. It predicts σ8 from
the terse values and the supplementary columns of all clusters.</p><p class="hint" id="points-note"></p>
<div class="field"><label for="observable">Show against</label><select id="observable"></select></div>
<div class="pictures"><div><h4>Terse values: this catalog (bars) and the mocks (line)</h4>
<figure id="terse-plot"></figure></div>
<div><h4>Terse value of each cluster</h4><figure id="relation-plot"></figure>
<ul class="hint" id="correlations"></ul></div>
<div><h4>Pull of each cluster: σ8 without it, less σ8 with it</h4><figure id="change-plot"></figure></div></div>
<div id="strongest"></div></div>
<h3>To keep</h3><div class="tools"><button type="button" id="save-table">Table of the clusters (CSV)</button>

<button type="button" id="save-json">Everything (JSON)</button></div>
<details><summary>As <code>terse predict</code> prints it</summary>
<p class="hint">The same prediction on the command line:</p><pre id="command" tabindex="0"></pre>
<pre id="as-text" tabindex="0"></pre></details></section>
<p id="announcement" class="unseen" role="status"></p>
</div>
</main>`;
