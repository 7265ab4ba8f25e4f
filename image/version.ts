import { compareText } from "../engine/text_order.ts";

/** A version by SemVer 2.0. What stands behind a `+` says nothing of order, so it is not held. */
export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  /** The identifiers of a pre-release, which comes before the release; empty for a release. */
  readonly pre: readonly string[];
}

const NUMBER = "(0|[1-9][0-9]{0,19})";
const PRE = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";
const VERSION_REGEXP = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${PRE}(?:\\.${PRE})*))?(?:\\+[0-9A-Za-z.-]+)?$`,
);
const DIGITS_REGEXP = /^[0-9]+$/;
const LONGEST_TEXT = 256;

/** The first of all versions. */
export const FIRST_VERSION: Version = { major: 0n, minor: 0n, patch: 0n, pre: ["0"] };

/** Returns `undefined` when `text` is no version. */
export function parseVersion(text: string): Version | undefined {
  const found = text.length > LONGEST_TEXT ? null : VERSION_REGEXP.exec(text);
  if (found === null) return undefined;
  const [, major = "", minor = "", patch = "", pre = ""] = found;
  return {
    major: BigInt(major),
    minor: BigInt(minor),
    patch: BigInt(patch),
    pre: pre === "" ? [] : pre.split("."),
  };
}

/** Writes a version as people read it. */
export function versionText({ major, minor, patch, pre }: Version): string {
  return `${major}.${minor}.${patch}${pre.length === 0 ? "" : `-${pre.join(".")}`}`;
}

/** Negative when `one` comes before `other` (SemVer 2.0, 11). */
export function compareVersions(one: Version, other: Version): number {
  for (const part of ["major", "minor", "patch"] as const) {
    if (one[part] !== other[part]) return one[part] < other[part] ? -1 : 1;
  }
  return comparePre(one.pre, other.pre);
}

/** The first version behind `version`: a pre-release, which people would not call the next one. */
export function nextVersion(version: Version): Version {
  return version.pre.length === 0
    ? { ...version, patch: version.patch + 1n, pre: ["0"] }
    : { ...version, pre: [...version.pre, "0"] };
}

function comparePre(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return other.length - one.length;
  for (const [index, each] of one.entries()) {
    const against = other[index];
    if (against === undefined) return 1;
    const order = compareIdentifiers(each, against);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

/** Numbers come before words, and are compared as numbers. */
function compareIdentifiers(one: string, other: string): number {
  const isNumber = DIGITS_REGEXP.test(one);
  if (isNumber !== DIGITS_REGEXP.test(other)) return isNumber ? -1 : 1;
  return (isNumber ? one.length - other.length : 0) || compareText(one, other);
}
