import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Begins with what takes longest, so that workers end together; without results of an earlier run it goes by size. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) =>
      /\/(kills|killed-commands|api-faults)\.test\.ts$/.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/**
 * `fast`, `commands` (run as they are typed) and `stand-in` (the lab's own parts) need neither root nor network nor Go; `engine` needs the toolchain;
 * `front-door` runs the proxy's nginx, `monitoring` Prometheus and Alertmanager, each in its rig; `lab` builds and runs the whole lab, and `long` does so for longer
 * than every run of the tests may take.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      ...[
        {
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: [
            ...["test/lab/**", "test/engine/**", "test/front-door/**", "test/monitoring/real/**"],
            "**/*.command.test.ts",
          ],
        },
        { name: "commands", include: ["test/**/*.command.test.ts"] },
        { name: "stand-in", include: ["lab/test/**/*.test.ts"] },
      ].map((project) => ({
        // Files share the modules that they import: it halves the time, and none of them keeps state.
        test: { ...project, isolate: false, testTimeout: 15_000 },
      })),
      {
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          globalSetup: "test/engine/rig/global-setup.ts",
          // Files go on from copies of the same clusters.
          isolate: false,
          // A run of the engine keeps less than a core busy.
          maxWorkers: 2,
          testTimeout: 300_000,
        },
      },
      {
        // One nginx at a time has its files at their places.
        test: {
          name: "front-door",
          include: ["test/front-door/**/*.test.ts"],
          globalSetup: "test/front-door/rig/room.ts",
          fileParallelism: false,
          testTimeout: 60_000,
        },
      },
      {
        // Prometheus and Alertmanager have one pair of ports.
        test: {
          name: "monitoring",
          include: ["test/monitoring/real/**/*.test.ts"],
          globalSetup: "test/monitoring/rig/room.ts",
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 60_000,
        },
      },
      ...[
        { name: "lab", include: ["test/lab/**/*.test.ts"], exclude: ["**/*.long.test.ts"] },
        { name: "long", include: ["test/lab/**/*.long.test.ts"] },
      ].map((project) => ({
        test: { ...project, fileParallelism: false, testTimeout: 1_800_000, hookTimeout: 1_800_000 },
      })),
    ],
  },
});
