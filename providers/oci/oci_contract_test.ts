import { fieldsOf, type TestFields } from "../test_calls.ts";
import type { ContractSubject } from "../contract_subject.ts";
import { testProviderFailures } from "../failure_contract.ts";
import type { Provider } from "../provider.ts";
import { testProviderRepeats } from "../repeat_contract.ts";
import { IMAGE_TYPE, type ImageWorld, openImageWorld } from "./_test_images.ts";

const subject = imageSubject();
testProviderRepeats("oci", subject);
testProviderFailures("oci", subject);

function imageSubject(): ContractSubject {
  /** By provider, so that the fields of a sample can name the registry of its world. */
  const worlds = new WeakMap<Provider, ImageWorld>();
  return {
    async open() {
      const world = await openImageWorld();
      worlds.set(world.provider, world);
      return { provider: world.provider, close: async () => await world[Symbol.asyncDispose]() };
    },
    samples: [{
      type: IMAGE_TYPE,
      fields: async (provider): Promise<TestFields> => await worlds.get(provider)?.fields() ?? {},
      changes: { image: fieldsOf({ base: "scratch", user: "1000:1000" }) },
    }],
  };
}
