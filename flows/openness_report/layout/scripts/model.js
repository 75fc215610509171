/** What the charts count. Months are texts such as 2026-03, days such as 2026-03-09; charts get them as UTC. */
const WINDOW = 6; // months the index looks back on, as in the query openness_index
const FIRM = 3; // weight of shifts from which the index is drawn as firm

const utc = (day) => Date.UTC(+day.slice(0, 4), +day.slice(5, 7) - 1, +(day.slice(8, 10) || 1));
const monthOf = (day) => day.slice(0, 7);
const monthNumber = (month) => +month.slice(0, 4) * 12 + +month.slice(5, 7) - 1;
const monthText = (number) => `${Math.floor(number / 12)}-${String(number % 12 + 1).padStart(2, "0")}`;
const quarterOf = (day) => `${day.slice(0, 4)}-${String(Math.floor((+day.slice(5, 7) - 1) / 3) * 3 + 1).padStart(2, "0")}-01`;

/** All months from the first shift, or the period's first day, to the period's or the report's last. */
function monthsShown(shifts, state) {
  const firsts = shifts.map((shift) => shift.first_on);
  if (!firsts.length) return [];
  const earliest = firsts.reduce((one, other) => (one < other ? one : other));
  const from = state.from && state.from > earliest ? state.from : earliest;
  const to = state.to && state.to < KNOWN.asOf ? state.to : KNOWN.asOf;
  const months = [];
  for (let month = monthNumber(from); month <= monthNumber(to); month += 1) months.push(monthText(month));
  return months;
}

/** Per month: how many opened, closed, did both, by the month of the first report. */
function countByMonth(shifts, months) {
  const counts = new Map(months.map((month) => [month, { month, opening: 0, closing: 0, mixed: 0 }]));
  for (const shift of shifts) {
    const count = counts.get(monthOf(shift.first_on));
    if (count) count[shift.effect] += 1;
  }
  return [...counts.values()];
}

/** The index of each month: 100 × (opening − closing) / (opening + closing), by weight over the months looked back on. */
function openness(shifts, months) {
  const weights = new Map();
  for (const shift of shifts) {
    const month = monthNumber(monthOf(shift.first_on));
    const sum = weights.get(month) || { opening: 0, closing: 0, mixed: 0 };
    sum[shift.effect] += shift.weight;
    weights.set(month, sum);
  }
  return months.map((month) => {
    let opening = 0, closing = 0;
    for (let back = 0; back < WINDOW; back += 1) {
      const sum = weights.get(monthNumber(month) - back);
      if (sum) { opening += sum.opening; closing += sum.closing; }
    }
    const support = opening + closing;
    return { month, opening, closing, support, index: support > 0 ? Math.round(1000 * (opening - closing) / support) / 10 : null };
  });
}

/** Licence classes by quarter, the most open first. */
function licencesByQuarter(shifts, state) {
  const order = Object.keys(KNOWN.words.classes);
  const counts = new Map();
  for (const shift of shifts) {
    if (!shift.licence) continue;
    if (state.from && shift.first_on < state.from) continue;
    const key = `${quarterOf(shift.first_on)} ${shift.class || "unknown"}`;
    counts.set(key, (counts.get(key) || 0) + 1);
  }
  return [...counts].map(([key, number]) => {
    const [quarter, licenceClass] = key.split(" ");
    return { quarter, class: licenceClass, rank: order.indexOf(licenceClass), shifts: number };
  }).sort((one, other) => one.quarter.localeCompare(other.quarter) || one.rank - other.rank);
}

/** Where each family stood on a day: the newest row of the ledger that had begun and not ended. */
function standing(state) {
  const day = state.to && state.to < KNOWN.asOf ? state.to : KNOWN.asOf;
  return KNOWN.ledger.filter((row) =>
    row.since <= day && (!row.until || row.until > day) && (!state.org || row.shift.actor === state.org));
}

function groupBy(rows, key) {
  const groups = new Map();
  for (const row of rows) {
    const name = key(row);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(row);
  }
  return groups;
}
