import type { ContractSubject } from "../contract_subject.ts";
import { testProviderFailures } from "../failure_contract.ts";
import { testProviderRepeats } from "../repeat_contract.ts";
import { memorySim } from "./memory_sim.ts";
import { simProvider } from "./sim_provider.ts";
import { SIM_SAMPLES } from "./_sim_samples.ts";
import { noFaults, testClock, testRandom } from "./_test_world.ts";

const inFiles: ContractSubject = {
  samples: SIM_SAMPLES,
  open: async () => {
    const folder = await Deno.makeTempDir();
    return {
      provider: simProvider({ folder, clock: testClock(), random: testRandom(), faults: noFaults }),
      close: () => Deno.remove(folder, { recursive: true }),
    };
  },
};

const inMemory: ContractSubject = {
  samples: SIM_SAMPLES,
  open: () =>
    Promise.resolve({
      provider: memorySim({ clock: testClock(), random: testRandom(), faults: noFaults }),
      close: () => Promise.resolve(),
    }),
};

testProviderRepeats("simProvider()", inFiles);
testProviderFailures("simProvider()", inFiles);
testProviderRepeats("memorySim()", inMemory);
testProviderFailures("memorySim()", inMemory);
