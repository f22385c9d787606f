import { inLab } from "../fabric/inside";
import type { Lab } from "../paths";

/** The network namespace of a user at home, who has a private address behind a router that translates it. */
export const home = "home";

/**
 * A user with a public address, such as `users`, lets the firewall's media rules look needless: the media server reaches him
 * by itself, and what it sent opens the way for his replies. At home it cannot, as for nearly everybody, and the router takes
 * another port for each destination, so that knowing one does not help either. The home has no IPv6: an address that becomes
 * valid a second later is a change of network to Chromium, which then drops the requests under way (ERR_NETWORK_CHANGED).
 */
const script = `
ip -n ${home} route get 192.0.2.1 >/dev/null 2>&1 && exit 0
ip netns del ${home} 2>/dev/null || true
ip netns exec users sh -ec 'echo 1 > /proc/sys/net/ipv4/ip_forward'
ip netns exec users nft -f - <<RULES
table ip ${home}
delete table ip ${home}
table ip ${home} {
  chain forward {
    type filter hook forward priority 0
    oifname "${home}" ct state established,related accept
    oifname "${home}" drop
  }
  chain translate {
    type nat hook postrouting priority srcnat
    oifname "eth0" ip saddr 192.168.178.0/24 masquerade fully-random
  }
}
RULES
ip netns add ${home}
ip netns exec ${home} sh -ec 'for of in all default; do echo 1 >/proc/sys/net/ipv6/conf/$of/disable_ipv6; done'
ip -n users link add ${home} type veth peer name eth0 netns ${home}
ip -n users addr add 192.168.178.1/24 dev ${home}
ip -n users link set ${home} up
ip -n ${home} link set lo up
ip -n ${home} addr add 192.168.178.20/24 dev eth0
ip -n ${home} link set eth0 up
ip -n ${home} route add default via 192.168.178.1
`;

/** Makes sure that the home network is there; commands run in it by `inLab(lab, argv, { netns: home })`. */
export async function ensureHome(lab: Lab): Promise<void> {
  const status = await inLab(lab, ["flock", `/run/${home}.lock`, "sh", "-ec", script]);
  if (status !== 0)
    throw new Error(`the network of a user at home could not be made in the lab "${lab.name}"; see above`);
}
