/**
 * One estate in the words of two tools: resources that are worth nothing, `local.Data` here and `terraform_data` there, each
 * with a number, and with a dependency on one of the 200 before it.
 */

/** How many resources stand in one file. */
const FILE_SIZE = 1_000;
const REACH = 200;

/** What a project of `count` resources says in one language. */
export interface ScaleStack {
  /** Text of each file by its name. */
  readonly files: ReadonlyMap<string, string>;
  /** The file that holds the last resource, on which nothing relies, with another number in it. */
  changed(nth: number): readonly [name: string, text: string];
}

/** The estate as `.smelt` files. */
export function smeltStack(count: number): ScaleStack {
  return stackOf(count, "smelt", (index, value) => {
    const needs = index === 0 ? "" : `  needs data.r${neededBy(index)}\n\n`;
    return `resource data "r${index}" : local.Data {\n${needs}  input {\n    index = ${value}\n  }\n}\n`;
  });
}

/** The same as `.tf` files. */
export function terraformStack(count: number): ScaleStack {
  return stackOf(count, "tf", (index, value) => {
    const needs = index === 0 ? "" : `  depends_on = [terraform_data.r${neededBy(index)}]\n`;
    return `resource "terraform_data" "r${index}" {\n  input = ${value}\n${needs}}\n`;
  });
}

/** The resource that the `index`th relies on: an earlier one, spread evenly, and the same in each run. */
export function neededBy(index: number): number {
  const spread = Math.imul(index, 0x9e3779b1) >>> 0;
  return index - 1 - spread % Math.min(REACH, index);
}

type ResourceText = (index: number, value: number) => string;

function stackOf(count: number, ending: string, resource: ResourceText): ScaleStack {
  const nameOf = (nth: number) => `part-${String(nth).padStart(4, "0")}.${ending}`;
  const textOf = (nth: number, last: number) => {
    const from = nth * FILE_SIZE;
    return Array.from(
      { length: Math.min(FILE_SIZE, count - from) },
      (_, index) => resource(from + index, from + index === count - 1 ? last : from + index),
    ).join("\n");
  };
  const fileCount = Math.ceil(count / FILE_SIZE);
  return {
    files: new Map(Array.from({ length: fileCount }, (_, nth) => [nameOf(nth), textOf(nth, count - 1)])),
    changed: (nth) => [nameOf(fileCount - 1), textOf(fileCount - 1, count + nth)],
  };
}
