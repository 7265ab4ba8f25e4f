import { testBlobBackend } from "./blob_contract.ts";
import { MemoryBlobs } from "./memory_blobs.ts";

testBlobBackend("MemoryBlobs", () => {
  const blobs = new MemoryBlobs();
  return Promise.resolve({ open: () => blobs, [Symbol.asyncDispose]: () => Promise.resolve() });
});
