import { strictEqual } from "node:assert/strict";
import { type KmsKeyName, labelOfKmsKey, parseKmsKeyName, regionOfKmsKey } from "./kms_key_name.ts";

const ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const ARN = `arn:aws:kms:eu-central-1:111122223333:key/${ID}`;

Deno.test("parseKmsKeyName() takes the four forms that KMS takes", () => {
  for (
    const [text, region, label] of [
      [ARN, "eu-central-1", ID],
      ["arn:aws-us-gov:kms:us-gov-west-1:111122223333:alias/smelt/prod", "us-gov-west-1", "smelt-prod"],
      ["alias/smelt-signing", undefined, "smelt-signing"],
      [ID, undefined, ID],
      [`mrk-${"0f".repeat(16)}`, undefined, `mrk-${"0f".repeat(16)}`],
    ] as const
  ) {
    const name = named(text);
    strictEqual(regionOfKmsKey(name), region);
    strictEqual(labelOfKmsKey(name), label);
  }
});

Deno.test("parseKmsKeyName() refuses what KMS would not take", () => {
  for (
    const text of [
      "",
      "smelt-signing",
      `key/${ID}`,
      "alias/",
      "alias/a b",
      ID.slice(1),
      ARN.replace("kms", "s3"),
      ARN.replace("111122223333", "1111"),
      ARN.replace("key/", ""),
      `${ARN}\n`,
    ]
  ) strictEqual(parseKmsKeyName(text), undefined, text);
});

function named(text: string): KmsKeyName {
  const name = parseKmsKeyName(text);
  if (name === undefined) throw new Error(`"${text}" was refused`);
  return name;
}
