import type { EnvironmentView } from "../engine/environment.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { formatFieldPath, parseFieldPath } from "../engine/schema.ts";
import { record, type ValueRecord } from "../engine/value.ts";
import { decodeRecord } from "../engine/value_codec.ts";
import { getField, setField, type Wanted, withoutField } from "../engine/wanted.ts";
import type { Registry } from "../providers/registry.ts";
import type { SurveyFault, Surveyor, SurveyRequest } from "../providers/surveyor.ts";
import type { ProjectFailure } from "./failure.ts";

/** What a survey is made for. */
export interface SurveyParts {
  readonly wanted: ReadonlyMap<string, Wanted>;
  /** Paths that each address leaves alone: there counts what was sent. */
  readonly ignored: ReadonlyMap<string, readonly string[]>;
  readonly state: EnvironmentView;
  readonly registry: Registry;
  /** What the plan is about; nothing else is looked at. Everything when `undefined`. */
  readonly only: ReadonlySet<string> | undefined;
  readonly signal: AbortSignal;
}

/** What is wanted, with what was found. */
export interface SurveyedResources {
  readonly wanted: ReadonlyMap<string, Wanted>;
  readonly surveyed: ReadonlyMap<string, readonly string[]>;
}

/** Looks at what wanted resources are made of beside their fields, and puts what was found among them. */
export async function surveyWanted(parts: SurveyParts): Promise<Result<SurveyedResources, ProjectFailure>> {
  const wanted = new Map(parts.wanted);
  const surveyed = new Map<string, readonly string[]>();
  for (const { section, surveyor, addresses } of surveysOf(parts)) {
    const requests = addresses.map((address) => requestOf(parts, address));
    const found = await surveyor.survey(requests.flatMap((each) => each ?? []), parts.signal);
    if (!found.ok) return err(failureOf(found.error));
    for (const [index, address] of addresses.entries()) {
      const [want, survey] = [wanted.get(address), found.value[index]];
      if (want === undefined || survey === undefined) continue;
      const fields = record([...Object.entries(want.fields), [section, survey.found]]);
      wanted.set(address, { ...want, fields });
      surveyed.set(address, survey.reasons);
    }
  }
  return ok({ wanted, surveyed });
}

interface TypeSurvey {
  readonly section: string;
  readonly surveyor: Surveyor;
  readonly addresses: readonly string[];
}

function surveysOf({ only, registry, wanted }: SurveyParts): readonly TypeSurvey[] {
  const chosen = [...wanted].filter(([address]) => only?.has(address) !== false);
  return [...Map.groupBy(chosen, ([, { type }]) => type)].flatMap(([type, same]) => {
    const found = registry.lookUp(type);
    const { schema, surveyor } = found.ok ? found.value : {};
    if (schema?.surveyed === undefined || surveyor === undefined) return [];
    return [{ section: schema.surveyed, surveyor, addresses: same.map(([address]) => address) }];
  });
}

function requestOf({ ignored, state, wanted }: SurveyParts, address: string): SurveyRequest | undefined {
  const want = wanted.get(address);
  if (want === undefined) return undefined;
  const object = state.resources.get(address)?.object;
  const applied = object?.type === want.type ? decodeRecord(object.inputs) : undefined;
  return {
    address,
    fields: applied === undefined ? want.fields : withSent(want.fields, applied, ignored.get(address) ?? []),
    bound: want.bindings.map(({ path }) => formatFieldPath(path)),
    applied,
  };
}

function withSent(fields: ValueRecord, applied: ValueRecord, paths: readonly string[]): ValueRecord {
  return paths.map(parseFieldPath).reduce((known, path) => {
    const sent = getField(applied, path);
    return sent === undefined ? withoutField(known, path) : setField(known, path, sent);
  }, fields);
}

const KINDS = { config: "Config", permission: "Permission", damage: "Damage", store: "Store" } as const;

function failureOf({ address, kind, message, ...more }: SurveyFault): ProjectFailure {
  return { ...more, kind: KINDS[kind], message: `Cannot plan ${address}: ${message}`, resource: address };
}
