/** The tables beside the charts; each is made when somebody opens it. */
const tables = new Map();

function tableFor(name, make) {
  tables.set(name, make);
  const details = document.querySelector(`[data-table="${name}"]`);
  if (details.open) fillTable(details);
  details.ontoggle = () => { if (details.open) fillTable(details); };
}

function fillTable(details) {
  const caption = byId(`${details.dataset.table}-title`).textContent;
  const holder = h("div", { class: "scroll", role: "region", "aria-label": `${caption} As a table`, tabindex: "0" }, tables.get(details.dataset.table)());
  details.replaceChildren(details.querySelector("summary"), holder);
}

/** Lists that nobody has opened yet, by the element that hides them. */
const unmade = new WeakMap();

function whenOpened(details, make) {
  if (details.open) return make();
  unmade.set(details, make);
  details.ontoggle = () => makeNow(details);
}

function makeNow(details) {
  unmade.get(details)?.();
  unmade.delete(details);
}
