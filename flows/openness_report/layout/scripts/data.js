/** What the report knows: the embedded answers, unpacked into rows. */
const KNOWN = (() => {
  const payload = JSON.parse(byId("payload").textContent);
  const unpack = (columns) => {
    const names = Object.keys(columns);
    const read = names.map((name) => {
      const column = columns[name];
      return Array.isArray(column) ? (row) => column[row] : (row) => column.of[column.at[row]];
    });
    const first = columns[names[0]];
    const length = first === undefined ? 0 : (Array.isArray(first) ? first : first.at).length;
    return Array.from({ length }, (_, row) => Object.fromEntries(names.map((name, at) => [name, read[at](row)])));
  };
  const known = { ...payload };
  for (const name of ["shifts", "stages", "reports", "turns", "ledger", "promises"]) known[name] = unpack(payload[name]);

  known.byId = new Map(known.shifts.map((shift) => [shift.shift_id, shift]));
  for (const shift of known.shifts) shift.stages = shift.reports = null;
  for (const name of ["stages", "reports", "ledger", "promises"]) {
    for (const row of known[name]) row.shift = known.shifts[row.shift];
  }
  for (const stage of known.stages) (stage.shift.stages ??= []).push(stage);
  for (const report of known.reports) (report.shift.reports ??= []).push(report);
  for (const shift of known.shifts) {
    shift.stages ??= [{ stage: shift.stage, since: shift.stage_on, due: shift.due }];
    shift.reports ??= [];
  }
  return known;
})();
