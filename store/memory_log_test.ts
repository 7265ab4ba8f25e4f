import { testLogBackend } from "./log_contract.ts";
import { MemoryLog } from "./memory_log.ts";

testLogBackend("MemoryLog", () => {
  const log = new MemoryLog();
  return Promise.resolve({ open: () => log, [Symbol.asyncDispose]: () => Promise.resolve() });
});
