/** Columns of text under a header, two spaces apart. Columns whose cells are all numbers or dashes are set flush right. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const isNumeric = header.map(
    (_, i) => rows.length > 0 && rows.every((row) => /^[–\d.,%±+-]+( [±\d.,]+)*$/.test(row[i]!)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (isNumeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [line(header), ...rows.map(line)].join("\n");
}
