import { deepStrictEqual, doesNotMatch, match, notDeepStrictEqual, ok } from "node:assert/strict";
import type { Random } from "../../engine/random.ts";
import { Secret, type Value } from "../../engine/value.ts";
import { testProviderFailures } from "../failure_contract.ts";
import { testProviderRepeats } from "../repeat_contract.ts";
import { create, failureOf, fieldsOf, type TestFields, tokenOf, valueOf } from "../test_calls.ts";
import { ADJECTIVES, ADVERBS, ANIMALS } from "./pet_words.ts";
import { randomProvider } from "./random_provider.ts";

Deno.test("random.Id spells the same bytes in three ways, after its prefix", async () => {
  const made = valueOf(await create(fixed([0, 1, 254, 255]), "random.Id", { byte_length: 4, prefix: "v-" }));
  deepStrictEqual(made.outputs, fieldsOf({ hex: "v-0001feff", base64url: "v-AAH-_w", decimal: "v-130815" }));
  deepStrictEqual(made.id, tokenOf(1));
});

Deno.test("random.Uuid has its version and variant", async () => {
  const highest = valueOf(await create(fixed(Array(16).fill(255)), "random.Uuid", {}));
  deepStrictEqual(highest.outputs["uuid"], "ffffffff-ffff-4fff-bfff-ffffffffffff");
  const lowest = valueOf(await create(fixed(Array(16).fill(0)), "random.Uuid", {}));
  deepStrictEqual(lowest.outputs["uuid"], "00000000-0000-4000-8000-000000000000");
});

Deno.test("random.Password meets the least counts of each class and never shows itself", async () => {
  for (let round = 0; round < 50; round++) {
    const made = valueOf(
      await create(real(), "random.Password", {
        length: 12,
        min_lower: 2,
        min_upper: 3,
        min_digits: 3,
        min_special: 4,
        special_characters: "+-",
        excluded_characters: "lIO01",
      }),
    );
    const password = textOf(made.outputs["result"]);
    deepStrictEqual([...password].length, 12);
    for (const [pattern, count] of [[/[a-z]/g, 2], [/[A-Z]/g, 3], [/[0-9]/g, 3], [/[+-]/g, 4]] as const) {
      deepStrictEqual(password.match(pattern)?.length, count);
    }
    doesNotMatch(password, /[lIO01]/);
    doesNotMatch(Deno.inspect(made) + JSON.stringify(made), new RegExp(RegExp.escape(password)));
  }
});

Deno.test("random.Password draws from the allowed classes only, and from all of them", async () => {
  const fields = { length: 400, lower: false, upper: false, special_characters: "é😀" };
  const password = textOf(valueOf(await create(real(), "random.Password", fields)).outputs["result"]);
  deepStrictEqual([...new Set(password)].sort(), [..."0123456789é😀"].sort());
});

Deno.test("random.Password is another one each time", async () => {
  const provider = real();
  const passwords = await Promise.all(
    Array.from(
      { length: 20 },
      async () =>
        textOf(valueOf(await create(provider, "random.Password", { length: 20 })).outputs["result"]),
    ),
  );
  deepStrictEqual(new Set(passwords).size, 20);
});

Deno.test("random.Password refuses what cannot be drawn", async () => {
  const off = { lower: false, upper: false, digits: false, special: false };
  const cases: readonly (readonly [TestFields, RegExp])[] = [
    [{ length: 3, min_lower: 2, min_upper: 2 }, /add up to 4, more than the length 3/],
    [{ length: 3, special: false, min_special: 1 }, /"min_special" wants characters of the class "special"/],
    [{ length: 3, ...off }, /no character is allowed/],
    [{ length: 3, ...off, digits: true, excluded_characters: "0123456789" }, /no character is allowed/],
  ];
  for (const [fields, message] of cases) {
    const failure = failureOf(await create(real(), "random.Password", fields));
    deepStrictEqual([failure.kind, failure.certainty], ["InvalidConfig", "notDone"]);
    match(failure.message, message);
  }
});

Deno.test("random.Pet puts adverbs before an adjective before an animal", async () => {
  const made = valueOf(await create(real(), "random.Pet", { words: 4, separator: "_", prefix: "web" }));
  const [prefix, ...words] = String(made.outputs["name"]).split("_");
  deepStrictEqual(prefix, "web");
  const lists = [ADVERBS, ADVERBS, ADJECTIVES, ANIMALS];
  ok(lists.every((list, index) => list.includes(words[index] ?? "")), words.join(" "));
  const short = valueOf(await create(real(), "random.Pet", { words: 1 }));
  ok(ANIMALS.includes(String(short.outputs["name"])));
});

Deno.test("random.Pet has no word twice in a list", () => {
  for (const list of [ADVERBS, ADJECTIVES, ANIMALS]) deepStrictEqual(new Set(list).size, list.length);
});

Deno.test("every field of random is immutable, and every output outlives updates", () => {
  for (const schema of real().schemas) {
    const parts = [...schema.sections.flatMap((each) => each.fields), ...schema.outputs];
    ok(parts.every((each) => each.immutable), schema.type);
    ok(parts.some((each) => each.name === "keepers"), schema.type);
  }
});

Deno.test("two objects of random are two draws", async () => {
  const provider = real();
  const first = valueOf(await create(provider, "random.Id", { byte_length: 16 }, tokenOf(1)));
  const second = valueOf(await create(provider, "random.Id", { byte_length: 16 }, tokenOf(2)));
  notDeepStrictEqual(first.outputs, second.outputs);
  notDeepStrictEqual(first.id, second.id);
});

const subject = {
  open: () => Promise.resolve({ provider: real(), close: () => Promise.resolve() }),
  samples: [
    { type: "random.Id", fields: () => ({ byte_length: 8 }) },
    { type: "random.Uuid", fields: () => ({ keepers: fieldsOf({ version: 1 }) }) },
    { type: "random.Password", fields: () => ({ length: 20 }) },
    { type: "random.Pet", fields: () => ({}) },
  ],
};

testProviderRepeats("random", subject);
testProviderFailures("random", subject);

function real(): ReturnType<typeof randomProvider> {
  return randomProvider({ bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) });
}

function fixed(bytes: readonly number[]): ReturnType<typeof randomProvider> {
  const random: Random = { bytes: (count) => new Uint8Array(bytes.slice(0, count)) };
  return randomProvider(random);
}

function textOf(value: Value | undefined): string {
  ok(value instanceof Secret);
  return String(Secret.open(value));
}
