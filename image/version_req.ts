import { err, ok, type Result } from "../engine/result.ts";
import { compareVersions, FIRST_VERSION, nextVersion, type Version } from "./version.ts";

/** Versions from `from` on and before `to`; without an end where `to` is `undefined`. */
export interface VersionRange {
  readonly from: Version;
  readonly to: Version | undefined;
}

const COMPARATOR_REGEXP = new RegExp(
  "^(>=|<=|>|<|=|\\^|~|)\\s*" +
    "(0|[1-9][0-9]{0,19})(?:\\.(0|[1-9][0-9]{0,19})(?:\\.(0|[1-9][0-9]{0,19})(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?)?)?$",
);
const LIMIT = 2;
const LONGEST_TEXT = 256;
/** What stands in an end that a release names is its first pre-release, so that `^1.0` does not hold `2.0.0-alpha`. */
const FIRST_PRE: readonly string[] = ["0"];

/**
 * Reads a requirement as the advisories of RustSec mean it, which is not what cargo does when it chooses: pre-releases count like
 * all other versions, a version that is not written out is filled with zeros, and there is one range, of at most two bounds.
 * The error ends a sentence.
 */
export function parseVersionReq(text: string): Result<VersionRange, string> {
  const parts = text.length > LONGEST_TEXT ? [] : text.split(",").map((each) => each.trim());
  if (parts.length === 0 || parts.length > LIMIT) return err(`"${text}" has more than ${LIMIT} bounds`);
  let from: Version | undefined;
  let to: Version | undefined;
  for (const part of parts) {
    const bounds = parseComparator(part);
    if (bounds === undefined) return err(`"${part}" is no bound, wanted one like ">= 1.2.3"`);
    if (parts.length > 1 && bounds.from !== undefined && bounds.to !== undefined) {
      return err(`"${part}" is a range by itself, and stands beside another bound`);
    }
    if ((bounds.from !== undefined && from !== undefined) || (bounds.to !== undefined && to !== undefined)) {
      return err(`"${text}" bounds one side twice`);
    }
    from ??= bounds.from;
    to ??= bounds.to;
  }
  const range: VersionRange = { from: from ?? FIRST_VERSION, to };
  return isEmpty(range) ? err(`"${text}" holds no version`) : ok(range);
}

/** Whether a version lies in one of the ranges. */
export function isWithin(version: Version, ranges: readonly VersionRange[]): boolean {
  return rangeOf(version, ranges) !== undefined;
}

/** The range that a version lies in. */
export function rangeOf(version: Version, ranges: readonly VersionRange[]): VersionRange | undefined {
  return ranges.find(({ from, to }) =>
    compareVersions(from, version) <= 0 && (to === undefined || compareVersions(version, to) < 0)
  );
}

/**
 * What lies between the ranges that are not affected, in order; all versions where there are none. The error says which two
 * overlap, for then the advisory does not say one thing.
 */
export function rangesBetween(unaffected: readonly VersionRange[]): Result<readonly VersionRange[], string> {
  const between: VersionRange[] = [];
  let from: Version | undefined = FIRST_VERSION;
  for (const range of unaffected.toSorted((one, other) => compareVersions(one.from, other.from))) {
    if (from === undefined || compareVersions(range.from, from) < 0) {
      return err("ranges of versions that it does not affect overlap");
    }
    const gap = { from, to: range.from };
    if (!isEmpty(gap)) between.push(gap);
    from = range.to;
  }
  return ok(from === undefined ? between : [...between, { from, to: undefined }]);
}

function isEmpty({ from, to }: VersionRange): boolean {
  return to !== undefined && compareVersions(from, to) >= 0;
}

interface Bounds {
  readonly from?: Version;
  readonly to?: Version;
}

function parseComparator(text: string): Bounds | undefined {
  const found = COMPARATOR_REGEXP.exec(text);
  if (found === null) return undefined;
  const [, operator = "", major = "0", minor, patch, pre] = found;
  const version: Version = {
    major: BigInt(major),
    minor: BigInt(minor ?? 0),
    patch: BigInt(patch ?? 0),
    pre: pre === undefined ? [] : pre.split("."),
  };
  switch (operator) {
    case ">=":
      return { from: version };
    case ">":
      return { from: nextVersion(version) };
    case "<":
      return { to: version };
    case "<=":
      return { to: nextVersion(version) };
    case "=":
      return { from: version, to: nextVersion(version) };
    case "~":
      return { from: version, to: minor === undefined ? nextMajor(version) : nextMinor(version) };
    default:
      return { from: version, to: caretEnd(version, minor, patch) };
  }
}

/** Where what is compatible ends: at the next change of the first number that is not zero. */
function caretEnd(version: Version, minor: string | undefined, patch: string | undefined): Version {
  if (version.major > 0n || minor === undefined) return nextMajor(version);
  if (version.minor > 0n || patch === undefined) return nextMinor(version);
  return { ...version, patch: version.patch + 1n, pre: FIRST_PRE };
}

function nextMajor({ major }: Version): Version {
  return { major: major + 1n, minor: 0n, patch: 0n, pre: FIRST_PRE };
}

function nextMinor({ major, minor }: Version): Version {
  return { major, minor: minor + 1n, patch: 0n, pre: FIRST_PRE };
}
