/** One bound of a range, for example `<1.2.0`. */
const BOUND = /^(<=|>=|<|>|=)?v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/;

/**
 * Whether the range of an advisory holds `version`: bounds that hold together stand beside each other, alternatives between
 * `||`. A range that cannot be read holds everything, so that what nobody understands is looked at and not passed over.
 */
export function rangeHolds(range: string, version: string): boolean {
  return range.split("||").some((part) => {
    const bounds = part.replaceAll(/(<=|>=|<|>|=)\s+/g, "$1").split(/[\s,]+/).filter((bound) => bound !== "");
    return bounds.every((bound) => boundHolds(bound, version));
  });
}

function boundHolds(bound: string, version: string): boolean {
  const [limit, held] = [BOUND.exec(bound), BOUND.exec(version)];
  if (limit === null || held === null) return true;
  const order = compare(held, limit);
  switch (limit[1]) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    default:
      return order === 0;
  }
}

/** Semantic Versioning 2.0.0, section 11: a version with a pre-release comes before the one without. */
function compare(left: RegExpExecArray, right: RegExpExecArray): number {
  for (const part of [2, 3, 4]) {
    const difference = Number(left[part] ?? 0) - Number(right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  const [before, after] = [left[5], right[5]];
  if (before === undefined || after === undefined) {
    return Number(before === undefined) - Number(after === undefined);
  }
  return comparePreReleases(before.split("."), after.split("."));
}

function comparePreReleases(left: readonly string[], right: readonly string[]): number {
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [one, other] = [left[at], right[at]];
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    if (one === other) continue;
    const areNumbers = /^\d+$/.test(one) && /^\d+$/.test(other);
    if (areNumbers) return Number(one) - Number(other);
    if (/^\d+$/.test(one) || /^\d+$/.test(other)) return /^\d+$/.test(one) ? -1 : 1;
    return one < other ? -1 : 1;
  }
  return 0;
}
