const ROW_REGEXP = /^\| *`([EW]-[A-Z-]+)` *\|/gm;

/** Where the table of codes in a page differs from the codes that there are. A row begins with a code. */
export function checkCodeTable(page: string, codes: readonly string[]): readonly string[] {
  const rows = [...page.matchAll(ROW_REGEXP)].map(([, code = ""]) => code);
  return [
    ...codes.filter((code) => !rows.includes(code)).map((code) => `missing: ${code}`),
    ...rows.filter((code) => !codes.includes(code)).map((code) => `no such code: ${code}`),
    ...rows.filter((code, index) => rows.indexOf(code) < index).map((code) => `twice: ${code}`),
  ];
}
