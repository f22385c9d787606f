/** Further paths that are nobody's: what is open, with something that another program would overlook. */
export const nearlyOpen = [
  ..."/bbb-01%20/html5client/ /bbb-01;/html5client/ /bbb-01/;/html5client/ /bbb-01/html5client;x.js /bbb-01/html5client%3f".split(
    " ",
  ),
  ..."/bbb-01/html5client%23/ /bbb-01/html5client%0a/ /bbb-01/html5client%0d%0a /bbb-01/html5client%09/".split(" "),
  ..."/bbb-01\\html5client\\ /bbb-01%5chtml5client%5c /bbb-01%252fhtml5client/ /bbb-01/html5client%252f".split(" "),
  ..."/%2562bb-01/html5client/ /bbb-01./html5client/ /.bbb-01/html5client/ /~bbb-01/html5client/ /bbb-01/html5client*/".split(
    " ",
  ),
  ..."/bbb-00/html5client/ /bbb-01-/html5client/ /bbb-01bbb-02/html5client/ /bbb-01,bbb-02/html5client/".split(" "),
  ..."/bbb-01%2c/html5client/ /BBB-01%2fhtml5client/ /bbb-01/html5client%c0%af /bbb-01/html5client%2e/".split(" "),
  ..."/bbb-01/html5client%2e%2e%2f /bbb-01/.html5client/ /bbb-01/html5client~/ /bbb-01/html5client'/ /html5client/bbb-01/".split(
    " ",
  ),
  ...".json ; %2f %0a %09 %5c %3f/create %23/create %252fcreate /feedback%2f /feedback;x /feedback%20 /Feedback"
    .split(" ")
    .map((end) => `/bbb-01/bigbluebutton/api${end}`),
  ..."/bbb-01/bigbluebutton/API /bbb-01/BIGBLUEBUTTON/api /bbb-01/bigbluebutton /bbb-01/bigbluebutton/api/..%5ccreate".split(
    " ",
  ),
  ..."/@502 /@503 /bbb_nodes /:8480/ /http://127.0.0.1:8480/ /%68ttp:%2f%2fevil.example /$bbb_file /https /http".split(
    " ",
  ),
  ..."/run/bbb-cluster-draining /var/lib/nginx/bbb-client/0/00/ /serving.conf /index.html%20 /index.html/ /away.html/".split(
    " ",
  ),
  ..."/away.html? //away.html /./away.html /x/../away.html /%2e/away.html /Away.html /away.html;x".split(" "),
];

/** Further ways up. */
export const upAgain = [
  ..."..%2f..%2f..%2f..%2f..%2fetc/passwd x/..%2f../y/.. %2e%2e// ..//..//bigbluebutton//api//create".split(" "),
  ..."x/./../../ %2e%2e?x ..?/../ ..# x/y/../../../ ./%2e%2e/ %2E%2E%2Fgraphql %2e%2e/%2e/graphql x%2f%2e%2e%2f..%2f".split(
    " ",
  ),
];

/** What stays below the folder in these spellings, too, and is read so behind the server; without a second word, as it is. */
export const keptAgain: [string, string][] = [
  [";x.js"],
  ["%3bx.js", ";x.js"],
  ["x%2ejs", "x.js"],
  ["%2e", ""],
  ["x/%2e/y", "x/y"],
  ["x%2f%2e%2e%2fy", "y"],
  ["%2f%2f%2f", ""],
  ["x%2f%2fy", "x/y"],
  ["x%5c..%5cy", "x%5C..%5Cy"],
  ["%25", "%25"],
  ["%2500.js", "%2500.js"],
  ["%25%30%30.js", "%2500.js"],
  ["x%09y", "x%09y"],
  ["x%0cy", "x%0Cy"],
  ["x%1b[31my", "x%1B[31my"],
  ["x%22y", "x%22y"],
  ["x%27y", "x'y"],
  ["x'y"],
  ["x`y"],
  ["x|y"],
  ["x^y"],
  ["{x}"],
  ["%7bx%7d", "%7Bx%7D"],
  ["x%26y=1", "x&y=1"],
  ["x&y=1"],
  ["x=%2e%2e", "x=.."],
  ["%7ex", "~x"],
  ["x%2by", "x+y"],
  ["x+y"],
  ["%2a", "*"],
  ["x@evil.example"],
  ["x%40evil.example", "x@evil.example"],
  ["%3a80", ":80"],
  ["$request_uri"],
  ["$bbb_file"],
  ["%24%7bhost%7d", "$%7Bhost%7D"],
  ["{{7*7}}"],
  ["....//....//x", "..../..../x"],
  [".%252e/", ".%252e/"],
  ["..%255c", "..%255c"],
  ["%c1%9c", "%C1%9C"],
  ["%f0%80%80%ae", "%F0%80%80%AE"],
  ["%ef%bc%8f..%ef%bc%8f", "%EF%BC%8F..%EF%BC%8F"],
  ["%e2%80%ae", "%E2%80%AE"],
  ["x.js%3b.html", "x.js;.html"],
  ["index.html/x.js"],
  ["index.html%2fx.js", "index.html/x.js"],
  ["x.js%20", "x.js%20"],
  ["x/%2e%2e%2f%2e/y", "y"],
].map(([name = "", read = name]) => [name, read]);

/** Further headers that nobody behind the server hears. */
export const saidAgain = [
  ..."X-Forwarded-User X-Remote-User X-Authenticated-User X-SSL-Client-Cert X-Client-Cert SSL-Client-Verify".split(" "),
  ..."X-Original-Method X-HTTP-Path X-Url X-Proxy-Url Base-Url X-Request-Uri Early-Data CDN-Loop X-Cache-Status".split(
    " ",
  ),
  ..."X-Backend-Host X-Envoy-Original-Path Sec-Fetch-Site Sec-WebSocket-Extensions If-Modified-Since If-None-Match".split(
    " ",
  ),
  ..."Depth Overwrite Accept-Charset Priority Service-Worker Sec-Purpose Surrogate-Capability Front-End-Https".split(
    " ",
  ),
];
