import type { WholeFile } from "./node-manifest";
import { type NodeNames, staticClient } from "./node-settings";
import { compareReleases } from "./releases";

/** The proxy's own nginx files: limits, cache, both servers; what belongs to one node is its door's. */
export function renderProxyFiles(proxyHostname: string): WholeFile[] {
  return [
    file("/etc/nginx/nginx.conf", mainConfiguration),
    file("/etc/nginx/conf.d/bbb-cluster.conf", [...cache, ...servers(proxyHostname)]),
  ];
}

/** Whether the client of a release asks the front door for the API's index, by which a door can be checked. */
export function asksFrontDoorForApi(release: string): boolean {
  return compareReleases(release, staticClient) >= 0;
}

/** The locations of one node on the front door, spelled out: from no pattern can a host be chosen. */
export function renderDoorLocations({ node, nodeHostname }: NodeNames, nodeAddress: string, release: string): string[] {
  const upstream = [`    proxy_ssl_name ${nodeHostname};`, `    proxy_set_header Host ${nodeHostname};`];
  const exact = (path: string, method: string) => [
    `location = /${node}/bigbluebutton/${path} {`,
    `    limit_except ${method} { deny all; }`,
    `    proxy_pass https://${nodeAddress}/bigbluebutton/${path};`,
    ...upstream,
    "}",
  ];
  return [
    `location = /${node}/html5client {`,
    `    return 301 /${node}/html5client/$is_args$args;`,
    "}",
    `location /${node}/html5client/ {`,
    `    proxy_pass https://${nodeAddress}/${node}/html5client/;`,
    ...upstream,
    // Meteor falls back to the page's own address for its websocket; the static client never upgrades.
    ...(asksFrontDoorForApi(release) ? [] : upgrade),
    "    proxy_set_header Accept-Encoding $bbb_client_encoding;",
    "    proxy_cache bbb_client;",
    "    proxy_cache_bypass $bbb_client_unhashed;",
    "    proxy_no_cache $bbb_client_unhashed;",
    "    proxy_hide_header Cache-Control;",
    "    add_header Cache-Control $bbb_client_cache_control;",
    "    add_header X-Cache-Status $upstream_cache_status;",
    "    add_header Strict-Transport-Security max-age=31536000;",
    "}",
    ...(asksFrontDoorForApi(release) ? [...exact("api", "GET"), ...exact("api/feedback", "POST")] : []),
  ];
}

const upgrade = ["    proxy_set_header Upgrade $http_upgrade;", "    proxy_set_header Connection Upgrade;"];

const mainConfiguration = [
  "user www-data;",
  "worker_processes auto;",
  "worker_rlimit_nofile 65536;",
  "pid /run/nginx.pid;",
  "error_log /var/log/nginx/error.log;",
  "include /etc/nginx/modules-enabled/*.conf;",
  "events {",
  "    worker_connections 16384;",
  "    multi_accept on;",
  "}",
  "http {",
  "    sendfile on;",
  "    tcp_nopush on;",
  "    server_tokens off;",
  "    types_hash_max_size 2048;",
  "    # Here and not in a server: nginx takes it from the default server, whichever is asked for.",
  "    ssl_protocols TLSv1.2 TLSv1.3;",
  "    include /etc/nginx/mime.types;",
  "    default_type application/octet-stream;",
  "    access_log /var/log/nginx/access.log;",
  "    gzip on;",
  "    gzip_proxied any;",
  "    gzip_types text/css application/javascript application/json image/svg+xml application/wasm;",
  "    include /etc/nginx/conf.d/*.conf;",
  "}",
];

// Only names that carry a hash of their content are kept; index.html and locales are asked for each time.
const cache = [
  "proxy_cache_path /var/lib/nginx/bbb-client levels=1:2 keys_zone=bbb_client:10m max_size=2g inactive=7d use_temp_path=off;",
  "map $uri $bbb_client_unhashed {",
  "    default 1;",
  '    "~[/.-][0-9a-f]{16,}\\.[a-z0-9.]+$" 0;',
  "}",
  "map $http_accept_encoding $bbb_client_encoding {",
  '    default "";',
  '    "~*gzip" gzip;',
  "}",
  "map $bbb_client_unhashed $bbb_client_cache_control {",
  "    default no-cache;",
  '    0 "public, max-age=31536000, immutable";',
  "}",
];

const servers = (hostname: string): string[] => [
  "server {",
  "    listen 80 default_server;",
  "    listen [::]:80 default_server;",
  `    server_name ${hostname};`,
  "    location /.well-known/acme-challenge/ { root /var/www/bbb-cluster; }",
  `    location / { return 301 https://${hostname}$request_uri; }`,
  "}",
  "server {",
  "    listen 443 ssl default_server;",
  "    listen [::]:443 ssl default_server;",
  "    ssl_reject_handshake on;",
  "}",
  "server {",
  "    listen 443 ssl http2;",
  "    listen [::]:443 ssl http2;",
  `    server_name ${hostname};`,
  `    ssl_certificate /etc/letsencrypt/live/${hostname}/fullchain.pem;`,
  `    ssl_certificate_key /etc/letsencrypt/live/${hostname}/privkey.pem;`,
  "    ssl_session_cache shared:bbb:10m;",
  "    ssl_session_timeout 1d;",
  "    absolute_redirect off;",
  "    add_header Strict-Transport-Security max-age=31536000;",
  "    proxy_http_version 1.1;",
  "    proxy_ssl_verify on;",
  "    proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;",
  "    # Let's Encrypt's chain has two intermediates; the default of 1 would refuse it.",
  "    proxy_ssl_verify_depth 4;",
  "    proxy_ssl_server_name on;",
  "    proxy_cache_key $request_uri$bbb_client_encoding;",
  "    proxy_cache_valid 200 7d;",
  "    proxy_cache_lock on;",
  "    proxy_cache_revalidate on;",
  "    proxy_cache_background_update on;",
  "    proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;",
  "    include /etc/nginx/bbb-cluster/doors/*.conf;",
  "    location / { return 404; }",
  "}",
];

const file = (path: string, content: string[]): WholeFile => ({
  path,
  format: "text",
  content,
  mode: "0644",
  owner: "root:root",
  restart: ["nginx"],
});
