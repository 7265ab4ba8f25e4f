/**
 * What a terminal of some size shows of a text: rows that are full or too wide break, `ESC[nA` goes up, `ESC[0J` clears to the
 * end, colours are skipped. Anything else that a terminal would act on is an error.
 */
export function screenOf(text: string, columns: number): readonly string[] {
  const rows: string[] = [""];
  let row = 0;
  for (const [token] of text.matchAll(/\n|\p{Cc}\[\d*[A-Za-z]|[^]/gu)) {
    const up = /^\p{Cc}\[(\d+)A$/u.exec(token);
    if (up !== null) row = Math.max(0, row - Number(up[1]));
    else if (token === "\x1b[0J") rows.splice(row, rows.length, "");
    else if (token === "\n") rows[++row] ??= "";
    else if (/^\p{Cc}\[\d+m$/u.test(token)) continue;
    else if (/^\p{Cc}/u.test(token)) throw new Error(`A terminal would act on ${JSON.stringify(token)}`);
    else {
      if ((rows[row] ?? "").length === columns) rows[++row] ??= "";
      rows[row] += token;
    }
  }
  return rows;
}
