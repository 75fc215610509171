/** The element with an id. */
const byId = (id) => document.getElementById(id);

/** A new element. Attributes that are null or false are left out; children are nodes or texts, never markup. */
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A link out of the page; just its text when there is no address of the web. */
function outward(url, ...children) {
  return /^https?:\/\//.test(url || "") ? h("a", { href: url, rel: "noopener noreferrer" }, ...children) : h("span", {}, ...children);
}

/** A table with its caption; cells are nodes, texts or numbers, and numbers stand to the right. */
function table(caption, heads, rows, attributes) {
  const cell = (value, position) => position === 0
    ? h("th", { scope: "row" }, value)
    : h("td", { class: typeof value === "number" ? "number" : null }, typeof value === "number" ? number(value) : value);
  const numeric = heads.map((_, position) => position > 0 && rows.length > 0 && typeof rows[0][position] === "number");
  return h("table", attributes,
    caption ? h("caption", {}, caption) : null,
    h("thead", {}, h("tr", {}, heads.map((head, position) => h("th", { scope: "col", class: numeric[position] ? "number" : null }, head)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map(cell)))));
}

const empty = (words) => h("p", { class: "empty" }, words);
