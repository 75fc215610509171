/** Draws charts into their places, and gives the ones that are there new data. */
const SPECS = { openness: "openness", months: "months", organisations: "timeline", licences: "licences" };
const views = new Map(); // by name: the promise of Vega's view
const asked = new Map(); // by name: what was asked for last; null: no chart

function draw(name, wanted) {
  const place = byId(`${name}-chart`);
  asked.set(name, wanted);
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", wanted.label);
  if (!views.has(name)) {
    // The label tells readers of the screen what there is to see; Vega's own shapes would only be noise.
    const drawing = h("div", { class: "drawing", "aria-hidden": "true" });
    place.replaceChildren(drawing);
    views.set(name, embed(name, drawing, wanted));
    return views.get(name);
  }
  return views.get(name).then((view) => {
    if (asked.get(name) !== wanted) return view;
    for (const [dataset, rows] of Object.entries(wanted.datasets)) view.data(dataset, rows);
    for (const [signal, value] of Object.entries(wanted.signals || {})) view.signal(signal, value);
    return view.runAsync();
  });
}

/** The library of the charts, unpacked; it leaves `vegaEmbed` behind. */
const library = (async () => {
  const signs = atob(byId("runtime").textContent);
  const packed = new Uint8Array(signs.length);
  // A callback for each of half a million signs would take a tenth of the time until the page is there.
  for (let at = 0; at < signs.length; at += 1) packed[at] = signs.charCodeAt(at);
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  new Function(await new Response(unpacked).text())();
})();

async function embed(name, place, wanted) {
  const spec = structuredClone(KNOWN.charts[SPECS[name]]);
  for (const source of spec.data) if (source.name in wanted.datasets) source.values = wanted.datasets[source.name];
  for (const signal of spec.signals) if (signal.name in (wanted.signals || {})) signal.value = wanted.signals[signal.name];
  const options = { mode: "vega", renderer: "svg", actions: false, defaultStyle: false, tooltip: false, hover: false };
  await library;
  const { view } = await vegaEmbed(place, spec, options);
  const datum = (item) => (asked.get(name) && item && item.datum ? item.datum : null);
  view.addEventListener("mousemove", (event, item) => showTip(event, datum(item) ? asked.get(name).tip(item.datum) : ""));
  view.addEventListener("mouseout", () => showTip(null, ""));
  view.addEventListener("click", (event, item) => { if (datum(item)) asked.get(name).chosen?.(item.datum); });
  return view;
}

/** Takes the chart away and says why there is none. */
function drawNothing(name, words) {
  const place = byId(`${name}-chart`);
  views.get(name)?.then((view) => view.finalize());
  views.delete(name);
  asked.set(name, null);
  place.removeAttribute("role");
  place.removeAttribute("aria-label");
  place.replaceChildren(empty(words));
}

function showTip(event, text) {
  const tip = byId("tip");
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = text;
  const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
  const below = event.clientY + 16;
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${below + tip.offsetHeight > innerHeight ? event.clientY - tip.offsetHeight - 10 : below}px`;
}
