import { invariant } from "../engine/invariant.ts";
import { nearName } from "../engine/near_name.ts";
import { nameHint } from "../engine/problem.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import type { Provider } from "./provider.ts";
import type { Surveyor } from "./surveyor.ts";

/** The providers of a program, and every type that they know. */
export interface Registry {
  /** In the order given. */
  readonly providers: readonly Provider[];
  /** All schemas, by provider in the order given. */
  readonly schemas: readonly ResourceSchema[];
  lookUp(type: string): Result<RegisteredType, UnknownType>;
}

/** A type, and who makes it. */
export interface RegisteredType {
  readonly schema: ResourceSchema;
  readonly provider: Provider;
  /** Who looks at what such resources are made of, for a type with a section `surveyed`. */
  readonly surveyor: Surveyor | undefined;
}

/** That no provider knows a type: a problem that lacks only its place in the files. */
export interface UnknownType {
  readonly code: "E-UNKNOWN-TYPE";
  readonly message: string;
  readonly hint?: string;
}

/**
 * Makes a registry; surveyors by type. Two providers of one name, a type outside its provider's name, and one with a section to
 * survey and nobody to do it, are bugs.
 */
export function providerRegistry(
  providers: readonly Provider[],
  surveyors: ReadonlyMap<string, Surveyor> = new Map(),
): Registry {
  const types = new Map<string, RegisteredType>();
  for (const provider of providers) {
    for (const schema of provider.schemas) {
      invariant(schema.type.startsWith(`${provider.name}.`), `The type "${schema.type}" names its provider`);
      invariant(!types.has(schema.type), `The type "${schema.type}" is there once`);
      const surveyor = surveyors.get(schema.type);
      invariant(
        (surveyor === undefined) === (schema.surveyed === undefined),
        `The type "${schema.type}" has a surveyor where it is surveyed`,
      );
      types.set(schema.type, { schema, provider, surveyor });
    }
  }
  return {
    providers,
    schemas: [...types.values()].map((each) => each.schema),
    lookUp(type) {
      const found = types.get(type);
      return found === undefined ? err(unknownType(type, providers)) : ok(found);
    },
  };
}

function unknownType(type: string, providers: readonly Provider[]): UnknownType {
  const [name = ""] = type.split(".");
  const provider = providers.find((each) => each.name === name);
  if (provider === undefined) {
    const names = providers.map((each) => each.name);
    return unknown(
      `Unknown provider "${name}" in the type "${type}"`,
      nameHint(nearName(name, names), names),
    );
  }
  const types = provider.schemas.map((each) => each.type);
  return unknown(
    `Unknown type "${type}" of the provider "${name}"`,
    nameHint(nearName(type, types), types),
  );
}

function unknown(message: string, hint: string | undefined): UnknownType {
  return hint === undefined ? { code: "E-UNKNOWN-TYPE", message } : { code: "E-UNKNOWN-TYPE", message, hint };
}
