/** A row of docs/dependencies.md: `| `name` | what for | licence | size | why this one |`. */
const ROW = /^\| `([^`]+)` *\|(.*)\|$/;
const COLUMNS: readonly string[] = ["what for", "licence", "size", "why this one"];

/**
 * Compares docs/dependencies.md with the packages of `deno.json`.
 *
 * @param licences the licence of each direct dependency by its name, as its own `package.json` has it
 */
export function dependencyDocBreaches(doc: string, licences: ReadonlyMap<string, string>): readonly string[] {
  const rows = new Map(
    doc.split("\n").flatMap((line) => {
      const match = ROW.exec(line);
      return match === null ? [] : [[match[1] ?? "", (match[2] ?? "").split("|").map((cell) => cell.trim())]];
    }),
  );
  const missing = [...licences.keys()].filter((name) => !rows.has(name)).map((name) => `${name} has no row`);
  const wrong = [...rows].flatMap(([name, cells]) => rowBreaches(name, cells, licences.get(name)));
  return [...missing, ...wrong];
}

function rowBreaches(name: string, cells: readonly string[], licence: string | undefined): readonly string[] {
  if (licence === undefined) return [`${name} has a row, and is not in deno.json`];
  const empty = COLUMNS.filter((_, index) => (cells[index] ?? "") === "");
  if (empty.length > 0) return [`${name} lacks ${empty.join(", ")}`];
  return cells[1] === licence
    ? []
    : [`${name} is said to have the licence "${cells[1]}", its package.json says "${licence}"`];
}
