import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { type KmsKeyName, parseKmsKeyName } from "./kms_key_name.ts";
import { hostOfKms, impliedRegion, kmsPlace } from "./kms_place.ts";

const ARN = named("arn:aws:kms:eu-west-1:111122223333:alias/smelt");
const ALIAS = named("alias/smelt");

function named(text: string): KmsKeyName {
  const name = parseKmsKeyName(text);
  if (name === undefined) throw new Error(`"${text}" names no key`);
  return name;
}

function placed(
  name: KmsKeyName,
  region: string | undefined,
  variables: Readonly<Record<string, string>>,
): string {
  const place = kmsPlace((variable) => variables[variable], name, region);
  return place.ok ? `${place.value.region} ${place.value.endpoint.href}` : place.error.message;
}

Deno.test("kmsPlace() takes the region of the ARN, then of smelt.toml, then of the variables", () => {
  const variables = { AWS_REGION: "us-east-2", AWS_DEFAULT_REGION: "us-east-1" };
  strictEqual(placed(ARN, "eu-north-1", variables), "eu-west-1 https://kms.eu-west-1.amazonaws.com/");
  strictEqual(placed(ALIAS, "eu-north-1", variables), "eu-north-1 https://kms.eu-north-1.amazonaws.com/");
  strictEqual(placed(ALIAS, undefined, variables), "us-east-2 https://kms.us-east-2.amazonaws.com/");
  strictEqual(
    placed(ALIAS, undefined, { AWS_REGION: "", AWS_DEFAULT_REGION: "cn-north-1" }),
    "cn-north-1 https://kms.cn-north-1.amazonaws.com.cn/",
  );
  match(placed(ALIAS, undefined, {}), /^Cannot tell in which region the key "alias\/smelt" lies$/);
});

Deno.test("impliedRegion() is the region that must be written down", () => {
  const read = (name: string) => name === "AWS_REGION" ? "us-east-2" : undefined;
  deepStrictEqual([impliedRegion(read, ALIAS), impliedRegion(read, ARN)], ["us-east-2", undefined]);
});

Deno.test("kmsPlace() takes the endpoint of the SDK's variables, but none where keys would travel in clear", () => {
  const at = (AWS_ENDPOINT_URL_KMS: string) =>
    placed(ARN, undefined, { AWS_ENDPOINT_URL_KMS, AWS_ENDPOINT_URL: "https://all.example" });
  strictEqual(at("https://vpce-1.example:8443"), "eu-west-1 https://vpce-1.example:8443/");
  strictEqual(at(""), "eu-west-1 https://all.example/");
  strictEqual(at("http://127.0.0.1:4566"), "eu-west-1 http://127.0.0.1:4566/");
  match(
    at("http://kms.example"),
    /^Cannot use the endpoint of AWS_ENDPOINT_URL_KMS, "http:.*": keys would travel/,
  );
  match(at("file:///etc"), /expected https:$/);
  match(at("kms"), /it is not a URL$/);
});

Deno.test("hostOfKms() is what --allow-net takes", () => {
  const place = kmsPlace(() => undefined, ARN, undefined);
  strictEqual(place.ok ? hostOfKms(place.value) : "", "kms.eu-west-1.amazonaws.com");
});
