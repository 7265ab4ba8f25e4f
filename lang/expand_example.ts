/** What tests of expansion share: files in, lines of text out. */
import type { NeedBinding, ResourceConfig } from "../engine/resource_config.ts";
import { isList, isRecord, Secret, Unknown, type Value } from "../engine/value.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { expand, type Expansion } from "./expand.ts";
import type { ExpandContext, ReadEnv } from "./expand_scope.ts";
import { parse } from "./parse.ts";
import { unreadSecret } from "./secret_source.ts";
import { sourceText } from "./source_text.ts";

/** The variables that are set in the examples. */
const VARIABLES: ReadonlyMap<string, string> = new Map([["REGION", "eu"], ["EMPTY", ""]]);

/** Reads the variables of the examples. */
export function exampleEnv(name: string): string | undefined {
  return VARIABLES.get(name);
}

/** What `smelt.toml` would say for an example. */
export interface ExampleSetting {
  readonly layers?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

/** The context of an example in the environment `default`. */
export function exampleContext(
  env: ReadEnv = exampleEnv,
  { layers = [], variables = {} }: ExampleSetting = {},
): ExpandContext {
  const text = `layers = ${JSON.stringify(layers)}`;
  const names = layers.map((name) => {
    const start = text.indexOf(JSON.stringify(name));
    return { name, span: { start, end: start + JSON.stringify(name).length } };
  });
  return {
    environment: "default",
    env,
    secret: unreadSecret,
    variables: new Map([["environment", "default"], ...Object.entries(variables)]),
    layers: { names, source: sourceText("smelt.toml", text) },
  };
}

/** Parses and expands files named `1.smelt`, `2.smelt` and so on; diagnostics of the parser come first. */
export function expandExample(
  texts: readonly string[],
  env: ReadEnv = exampleEnv,
  setting: ExampleSetting = {},
): Expansion {
  const parsed = texts.map((text, index) => parse(sourceText(`${index + 1}.smelt`, text)));
  const expansion = expand(parsed.map((each) => each.tree), exampleContext(env, setting));
  const diagnostics = [...parsed.flatMap((each) => each.diagnostics), ...expansion.diagnostics];
  return { desired: expansion.desired, diagnostics };
}

/**
 * What an example comes to: its errors as `CODE line:column message` when there are any, else a line for each resource,
 * `address {fields} <- need`. Warnings come first, the file's name only when there are several.
 */
export function outcome(
  texts: readonly string[],
  env: ReadEnv = exampleEnv,
  setting: ExampleSetting = {},
): readonly string[] {
  const { desired, diagnostics } = expandExample(texts, env, setting);
  const said = diagnostics.map((each) => diagnosticLine(each, texts.length));
  const isWrong = diagnostics.some((each) => each.severity === "error");
  return isWrong ? said : [...said, ...desired.resources.map(resourceLine)];
}

function diagnosticLine(shown: Diagnostic, fileCount: number): string {
  const file = fileCount === 1 && shown.file !== "smelt.toml" ? "" : `${shown.file}:`;
  const severity = shown.severity === "warning" && shown.code.startsWith("E-") ? "warning " : "";
  return `${severity}${shown.code} ${file}${shown.line}:${shown.column} ${shown.message}`;
}

/** One resource as a line. */
export function resourceLine(resource: ResourceConfig): string {
  const needs = resource.needs.map((need) => {
    const targets = need.many ? `[${need.targets.join(", ")}]` : need.targets.join(", ");
    const output = need.source.kind === "output" ? `.${need.source.name}` : "";
    return ` <- ${targets}${output}${need.binding === undefined ? "" : ` -> ${bindingText(need.binding)}`}`;
  });
  return `${resource.address} ${valueText(resource.fields)}${needs.join("")}`;
}

function bindingText(binding: NeedBinding): string {
  return binding.kind === "name" ? binding.field : `${binding.path.section}.${binding.path.field}`;
}

/** A value as text; a secret opened, since tests look at what it holds. */
export function valueText(value: Value): string {
  if (value instanceof Secret) return `secret(${valueText(Secret.open(value))})`;
  if (value instanceof Unknown) return `unknown(${value.address})`;
  if (isList(value)) return `[${value.map(valueText).join(", ")}]`;
  if (isRecord(value)) {
    return `{${Object.entries(value).map(([name, part]) => `${name}=${valueText(part)}`).join(" ")}}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
