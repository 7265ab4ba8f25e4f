import { Ajv, type AnySchemaObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

const LIBRARY = import.meta.resolve("@cyclonedx/cyclonedx-library/package.json");

/** The published JSON schema of a version of CycloneDX, ready to validate. */
export function cyclonedxValidator(version: string): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, keywords: ["meta:enum"] });
  addFormats.default(ajv);
  // Of fields that smelt does not write; no package of ajv's makers knows them.
  for (const name of ["idn-email", "iri-reference"]) ajv.addFormat(name, /(?!)/);
  // Under the names by which the package's copies refer to each other, in the place of their own.
  for (const name of ["spdx", "jsf-0.82"]) {
    ajv.addSchema({
      ...publishedSchema(name),
      $id: `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`,
    });
  }
  return ajv.compile(publishedSchema(`bom-${version}`));
}

/** A published schema, as it is in the package. */
export function publishedSchema(name: string): AnySchemaObject {
  return JSON.parse(Deno.readTextFileSync(new URL(`res/schema/${name}.SNAPSHOT.schema.json`, LIBRARY)));
}
