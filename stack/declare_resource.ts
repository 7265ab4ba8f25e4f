import { type AddressParts, formatAddress } from "../engine/address.ts";
import { type Problem, problem, type ProblemCode } from "../engine/problem.ts";
import type { Need, Origin, ResourceConfig } from "../engine/resource_config.ts";
import { isRecord } from "../engine/value.ts";
import { type DeclaredTarget, outputInText, withoutMarks } from "./output.ts";
import { type AnyResource, DECLARED, type OutputSchema, resourceHandle } from "./resource_handle.ts";
import { annotationsOf, type AnyResourceOptions, optionFaults } from "./resource_options.ts";
import { faultPlace, needSource, type SplitFields, splitFields } from "./split_fields.ts";

/** What a program declares of one resource. */
export interface ResourceDraft {
  readonly schema: OutputSchema & { readonly type: string };
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly options: AnyResourceOptions;
  /** Where it is declared. */
  readonly origin: Origin;
}

/** A resource as a stack holds it. */
export interface DeclaredResource {
  readonly config: ResourceConfig;
  readonly handle: AnyResource;
  /** Everything of the stack that it refers to. */
  readonly targets: readonly DeclaredTarget[];
  readonly problems: readonly Problem[];
}

const KIND_REGEXP = /^[\p{Alphabetic}_][\p{Alphabetic}\p{N}_]*$/u;
const CONTROL_REGEXP = /\p{Cc}/u;

/** Makes of a declaration what `lang/expand.ts` makes of a `resource` in a file. */
export function declareResource(draft: ResourceDraft): DeclaredResource {
  const { schema, options, origin } = draft;
  const parts = addressParts(draft);
  const target: DeclaredTarget = { address: formatAddress(parts) };
  const split = splitFields(schema, draft.fields);
  const triggers = options.replaceTriggeredBy ?? [];
  const ordering = orderingTargets(split, options);
  return {
    config: {
      address: target.address,
      parts,
      type: schema.type,
      fields: split.fields,
      sections: split.sections,
      needs: [...bindingNeeds(split, origin), ...ordering.map((each) => orderNeed(each, origin))],
      triggers: triggers.map(({ target, name }) => ({ address: target.address, output: name, origin })),
      annotations: annotationsOf(options),
      origin,
      fieldOrigins: new Map(),
    },
    handle: resourceHandle(target, schema, echoedNames(schema, split)),
    targets: [...split.bindings.map(({ output }) => output.target), ...ordering],
    problems: problemsOf(draft, target, split),
  };
}

/** The kind as given, or the last part of the type in lower case, as the language has it. */
function addressParts({ schema, name, options }: ResourceDraft): AddressParts {
  const { kind = schema.type.slice(schema.type.lastIndexOf(".") + 1).toLowerCase(), key } = options;
  const parts = { kind, name: withoutMarks(name) };
  return key === undefined ? parts : { ...parts, key: withoutMarks(key) };
}

function bindingNeeds({ bindings }: SplitFields, origin: Origin): readonly Need[] {
  return bindings.map(({ output, path }) => ({
    targets: [output.target.address],
    many: false,
    source: needSource(output),
    binding: { kind: "path", path },
    origin,
  }));
}

/** A trigger orders too: its target must be done before one can tell whether it changed. */
function orderingTargets(
  { bindings }: SplitFields,
  { dependsOn = [], replaceTriggeredBy = [] }: AnyResourceOptions,
): readonly DeclaredTarget[] {
  const named = dependsOn.map((each) => each[DECLARED]);
  const needed = new Set([...named, ...bindings.map(({ output }) => output.target)]);
  return [...named, ...new Set(replaceTriggeredBy.map(({ target }) => target)).difference(needed)];
}

function orderNeed(target: DeclaredTarget, origin: Origin): Need {
  return { targets: [target.address], many: false, source: { kind: "order" }, binding: undefined, origin };
}

/** What comes back of the section that a type echoes: what is written there, and what is bound. */
function echoedNames({ echoes }: OutputSchema, { fields, bindings }: SplitFields): readonly string[] {
  if (echoes === undefined) return [];
  const written = fields[echoes];
  return [
    ...(isRecord(written) ? Object.keys(written) : []),
    ...bindings.filter(({ path }) => path.section === echoes).map(({ path }) => path.field),
  ];
}

function problemsOf(
  draft: ResourceDraft,
  { address }: DeclaredTarget,
  split: SplitFields,
): readonly Problem[] {
  const { schema: { type }, options, origin } = draft;
  const refuse = (code: ProblemCode, message: string, hint?: string) => problem(code, message, origin, hint);
  return [
    ...nameFaults(draft).map((why) => refuse("E-SYNTAX", `Cannot name a ${type}: ${why}`)),
    ...optionFaults(options).map((why) =>
      refuse("E-ANNOTATION", `Cannot declare "${address}" (${type}): ${why}`)
    ),
    ...split.faults.map((fault) => {
      const message = `Cannot set "${faultPlace(fault)}" of "${address}" (${type}): ${fault.why}`;
      return refuse(fault.code, message, fault.hint);
    }),
  ];
}

function nameFaults({ name, options }: ResourceDraft): readonly string[] {
  const { kind, key = "" } = options;
  const isKind = kind === undefined || KIND_REGEXP.test(kind);
  return [
    ...textFaults("name", name),
    ...(name === "" ? ["the name is empty"] : []),
    ...(isKind ? [] : [`expected a kind of letters, digits and "_", found ${JSON.stringify(kind)}`]),
    ...textFaults("key", key),
  ];
}

function textFaults(what: string, text: string): readonly string[] {
  const output = outputInText(text);
  if (output !== undefined) return [`"${output}" was put into the ${what}`];
  if (!text.isWellFormed()) return [`the ${what} is no text of whole Unicode characters`];
  return CONTROL_REGEXP.test(text) ? [`the ${what} holds a control character`] : [];
}
