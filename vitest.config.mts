import { defineConfig } from "vitest/config";

/** `fast` needs neither root nor network nor Go; `lab` builds and runs the whole lab. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "fast",
          include: ["test/**/*.test.ts", "lab/test/**/*.test.ts"],
          exclude: ["test/lab/**", "**/node_modules/**"],
          testTimeout: 15_000,
          // Files share the modules that they import: it halves the time, and none of them keeps state.
          isolate: false,
        },
      },
      {
        test: {
          name: "lab",
          include: ["test/lab/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
        },
      },
    ],
  },
});
