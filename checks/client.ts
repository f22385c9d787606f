import { type Check, seen } from "./check";
import { compressionCheck, meteorFiles, webAssemblyCheck } from "./client-files";
import type { ClusterNode, ClusterOrigin } from "./cluster";
import { isHashed, pageAssets } from "./html-assets";
import type { Features } from "./release";
import { type Answer, brief, request, text } from "./request";

/** What a browser needs of a node's client, through the proxy. */
export function clientChecks({ origin: cluster }: ClusterOrigin, node: ClusterNode, { meteor }: Features): Check[] {
  const page = `${cluster}/${node.name}/html5client/`;
  return [
    pageCheck(node.name, page),
    assetsCheck(node.name, page),
    assetCacheCheck(node.name, page),
    pageCacheCheck(node.name, page),
    slashCheck(`${node.name}: client without slash`, page),
    slashCheck(`${node.name}: client without slash at the node`, `${node.origin}/${node.name}/html5client/`),
    compressionCheck(node),
    webAssemblyCheck(node),
    localesCheck(node.name, page),
    traversalCheck(`${node.name}: traversal at the proxy`, page),
    traversalCheck(`${node.name}: traversal at the node`, `${node.origin}/${node.name}/html5client/`),
    ...(meteor ? meteorFiles(node.name, page) : []),
    guestLobbyCheck(node),
  ];
}

/** Whether an answer is the client: 200 and an HTML page that loads at least one asset. */
export function isClient(answer: Answer, url: string): boolean {
  const html = answer.headers["content-type"]?.startsWith("text/html") ?? false;
  return answer.status === 200 && html && pageAssets(text(answer), url).length > 0;
}

function pageCheck(node: string, page: string): Check {
  return {
    name: `${node}: client page`,
    expected: "200 with the client",
    async run() {
      const answer = await request(page);
      return seen(isClient(answer, page), brief(answer));
    },
  };
}

function assetsCheck(node: string, page: string): Check {
  return {
    name: `${node}: client assets`,
    expected: "every one 200 with content",
    async run() {
      const urls = pageAssets(text(await request(page)), page);
      const answers = await Promise.all(urls.map((url) => request(url, { milliseconds: 8000 })));
      const bad = urls.filter((_, index) => answers[index]?.status !== 200 || answers[index]?.body.length === 0);
      const bytes = answers.reduce((sum, answer) => sum + answer.body.length, 0);
      const summary = `${urls.length} assets, ${(bytes / 1e6).toFixed(1)} MB`;
      return seen(urls.length > 0 && bad.length === 0, bad.length > 0 ? `not so: ${bad.join(", ")}` : summary);
    },
  };
}

function assetCacheCheck(node: string, page: string): Check {
  return {
    name: `${node}: asset cache`,
    expected: "a hashed asset comes from the cache once it has been asked for, or the proxy has no cache",
    async run() {
      const url = pageAssets(text(await request(page)), page).find(isHashed);
      if (!url) return seen(false, "no hashed asset in the page");
      const states: string[] = [];
      // Up to four proxies have a cache each.
      for (let attempt = 0; attempt < 6 && states.at(-1) !== "HIT"; attempt += 1) {
        states.push(cacheState(await request(url)));
      }
      return seen(["HIT", "no cache"].includes(states.at(-1) ?? ""), states.join(", "));
    },
  };
}

function pageCacheCheck(node: string, page: string): Check {
  return {
    name: `${node}: client page is fresh`,
    expected: "asked for again by browsers each time, and never an old one",
    async run() {
      await request(page);
      const answer = await request(page);
      const control = answer.headers["cache-control"] ?? "no cache-control";
      const stale = ["STALE", "UPDATING"].includes(cacheState(answer)) || /immutable|max-age=[1-9]/.test(control);
      return seen(!stale && control.includes("no-cache"), `${cacheState(answer)}, ${control}`);
    },
  };
}

function slashCheck(name: string, page: string): Check {
  return {
    name,
    expected: "a redirect to the slash that keeps the query",
    async run() {
      const answer = await request(`${page.slice(0, -1)}?sessionToken=abc&x=1`);
      const target = new URL(answer.headers.location ?? "", page).href;
      return seen(
        [301, 302, 307, 308].includes(answer.status) && target === `${page}?sessionToken=abc&x=1`,
        brief(answer),
      );
    },
  };
}

function localesCheck(node: string, page: string): Check {
  return {
    name: `${node}: locales`,
    expected: "a list in JSON with en.json, and en.json",
    async run() {
      const [list, english] = await Promise.all([request(`${page}locales/`), request(`${page}locales/en.json`)]);
      const listed = list.status === 200 && isJson(text(list)) && /"en\.json"/.test(text(list));
      return seen(listed && english.status === 200 && isJson(text(english)), `${brief(list)} and ${brief(english)}`);
    },
  };
}

function traversalCheck(name: string, page: string): Check {
  return {
    name,
    expected: "404 for html5client../",
    async run() {
      const paths = ["../", "../html5-client/index.html", "../nginx/bbb-html5.nginx"];
      const answers = await Promise.all(paths.map((path) => request(`${page.slice(0, -1)}${path}`)));
      return seen(
        answers.every((answer) => answer.status === 404),
        answers.map((answer) => answer.status).join(", "),
      );
    },
  };
}

function guestLobbyCheck({ name, origin }: ClusterNode): Check {
  const wanted = `${origin}/${name}/html5client/locale?locale=de`;
  return {
    name: `${name}: guest lobby's locale`,
    expected: `a redirect to ${wanted}`,
    async run() {
      const asked = `${origin}/html5client/locale?locale=de`;
      const answer = await request(asked);
      const target = new URL(answer.headers.location ?? "", asked).href;
      return seen([301, 302].includes(answer.status) && target === wanted, brief(answer));
    },
  };
}

function cacheState(answer: Answer): string {
  return answer.headers["x-cache-status"]?.toString() ?? "no cache";
}

function isJson(body: string): boolean {
  try {
    return typeof JSON.parse(body) === "object";
  } catch {
    return false;
  }
}
