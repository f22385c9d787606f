import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { filePath, serveFolders } from "../../fabric/package-server";

describe("the path of a request", () => {
  test.each([
    ["/debian/./Packages", "debian/Packages"],
    ["/debian/x_1%253a2+b.deb", "debian/x_1%3a2+b.deb"],
    ["//a//b?c=d", "a/b"],
    ["/", ""],
    ["/../etc/passwd", null],
    ["/a/%2e%2e/%2e%2e/etc/passwd", null],
    ["/%zz", null],
    ["/a%00b", null],
  ])("%j means %j", (target, path) => {
    expect(filePath(target)).toBe(path);
  });
});

describe("the package server", () => {
  let folder: string;
  let server: Server;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "packages-"));
    mkdirSync(join(folder, "first"));
    mkdirSync(join(folder, "second"));
    writeFileSync(join(folder, "first", "both"), "first");
    writeFileSync(join(folder, "second", "both"), "second");
    writeFileSync(join(folder, "second", "only"), "only");
    mkdirSync(join(folder, "second/simple/a"), { recursive: true });
    writeFileSync(join(folder, "second/simple/a/index.html"), "page");
    const folders = ["first", "second"].map((name) => join(folder, name));
    server = createServer(serveFolders(folders));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  test("the first folder that has a file wins", async () => {
    expect(await (await fetch(`${url}/both`)).text()).toBe("first");
    expect(await (await fetch(`${url}/only`)).text()).toBe("only");
  });

  test("a folder is its page, which says that it is one", async () => {
    const answer = await fetch(`${url}/simple/a/`);
    expect(answer.headers.get("content-type")).toBe("text/html");
    expect(await answer.text()).toBe("page");
  });

  test("folders without a page and what does not exist answer 404", async () => {
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/none`)).status).toBe(404);
  });

  test("a file that has not changed is not sent again", async () => {
    const modified = (await fetch(`${url}/only`)).headers.get("last-modified") ?? "";
    expect((await fetch(`${url}/only`, { headers: { "If-Modified-Since": modified } })).status).toBe(304);
  });
});
