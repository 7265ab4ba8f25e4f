import { err, ok, type Result } from "../../engine/result.ts";

/** What the words behind `smelt` say of an example. */
export interface ExampleMarker {
  /** `fragment`: items of the body of a resource. `values`: fields of a section that takes any. */
  readonly form: "file" | "fragment" | "values";
  /** `alone`: a project of its own. `beside`: one file more in the project before it. */
  readonly place: "alone" | "beside";
  /** The name of its file. Examples with names that follow each other are one project. */
  readonly file: string | undefined;
  /** Whether it is in canonical form; `unformatted`: the next example is its canonical form. */
  readonly layout: "canonical" | "unformatted";
  /** Everything that validation finds, as `CODE LINE:COLUMN`, or `CODE FILE:LINE:COLUMN` in another file. */
  readonly findings: readonly string[];
}

/** Reads the words behind `smelt`; the error is a message. */
export function parseExampleMarker(info: string): Result<ExampleMarker, string> {
  const words = info.split(" ").filter((word) => word !== "");
  const take = (...known: readonly string[]) => known.includes(words[0] ?? "") ? words.shift() : undefined;
  const form = take("fragment", "values");
  const place = take("beside");
  const file = words[0]?.startsWith("file=") === true ? words.shift()?.slice("file=".length) : undefined;
  const layout = take("unformatted");
  const kind = layout === undefined ? take("error", "warning") : undefined;
  const findings = kind === undefined ? ok([]) : parseFindings(words.splice(0), kind);
  if (!findings.ok) return findings;
  if (words.length > 0) return err(`unknown marker "${words.join(" ")}"`);
  return ok({
    form: form === "fragment" || form === "values" ? form : "file",
    place: place === undefined ? "alone" : "beside",
    file,
    layout: layout === undefined ? "canonical" : "unformatted",
    findings: findings.value,
  });
}

/** Reads `CODE LINE:COLUMN`, as often as it follows; warnings may stand behind errors. */
export function parseFindings(words: readonly string[], kind: string): Result<readonly string[], string> {
  const findings = Array.from(
    { length: Math.ceil(words.length / 2) },
    (_, index) => words.slice(2 * index, 2 * index + 2).join(" "),
  );
  const odd = findings.find((each) => !/^[EW]-[A-Z-]+ (?:[^ :]+:)?\d+:\d+$/.test(each));
  if (odd !== undefined) return err(`expected CODE LINE:COLUMN behind "${kind}", found "${odd}"`);
  const letter = kind === "error" ? "E" : "W";
  if (findings[0]?.startsWith(letter) === true) return ok(findings);
  return err(`expected a code that begins with "${letter}-" behind "${kind}"`);
}
