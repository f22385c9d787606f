/** A place where servers run. */
export interface Location {
  id: number;
  name: string;
  description: string;
  country: string;
  city: string;
  latitude: number;
  longitude: number;
  network_zone: string;
}

/** An image; all of them are of architecture x86. A snapshot, which somebody made of a server, has no name. */
export interface Image {
  id: number;
  name: string | null;
  description: string;
  osFlavor: string;
  osVersion: string;
  created: string;
  /** The smallest disk that it fits on, in GB. */
  diskGb: number;
  status: "creating" | "available";
  createdFrom: { id: number; name: string } | null;
  labels: Record<string, string>;
}

/** A kind of server; memory and disk in GB, price in euro a month (net, illustrative). */
export interface ServerType {
  id: number;
  name: string;
  cores: number;
  memoryGb: number;
  diskGb: number;
  monthly: number;
  dedicated: boolean;
  locations: string[];
}

function location(id: number, name: string, where: [string, string, string], at: [number, number], zone: string) {
  const [description, country, city] = where;
  return { id, name, description, country, city, latitude: at[0], longitude: at[1], network_zone: zone };
}

/** All locations. */
export const locations: Location[] = [
  location(1, "fsn1", ["Falkenstein DC Park 1", "DE", "Falkenstein"], [50.47612, 12.370071], "eu-central"),
  location(2, "nbg1", ["Nuremberg DC Park 1", "DE", "Nuremberg"], [49.452102, 11.076665], "eu-central"),
  location(3, "hel1", ["Helsinki DC Park 1", "FI", "Helsinki"], [60.169855, 24.938379], "eu-central"),
  location(4, "ash", ["Ashburn, VA", "US", "Ashburn, VA"], [39.045821, -77.487073], "us-east"),
  location(5, "hil", ["Hillsboro, OR", "US", "Hillsboro, OR"], [45.54222, -122.951924], "us-west"),
  location(6, "sin", ["Singapore", "SG", "Singapore"], [1.283333, 103.833333], "ap-southeast"),
];

const everywhere = locations.map((place) => place.name);
const europe = ["fsn1", "nbg1", "hel1"];
const dedicatedCores = /^ccx/;

function serverType(id: number, name: string, sizes: [number, number, number], monthly: number): ServerType {
  const [cores, memoryGb, diskGb] = sizes;
  const dedicated = dedicatedCores.test(name);
  return { id, name, cores, memoryGb, diskGb, monthly, dedicated, locations: dedicated ? everywhere : europe };
}

/** All server types. */
export const serverTypes: ServerType[] = [
  serverType(101, "cx23", [2, 4, 40], 5.49),
  serverType(102, "cx33", [4, 8, 80], 8.49),
  serverType(103, "cx43", [8, 16, 160], 15.99),
  serverType(104, "cx53", [16, 32, 320], 29.49),
  serverType(111, "cpx22", [2, 4, 80], 19.49),
  serverType(112, "cpx32", [4, 8, 160], 35.49),
  serverType(113, "cpx42", [8, 16, 320], 69.49),
  serverType(114, "cpx52", [12, 24, 480], 100.49),
  serverType(115, "cpx62", [16, 32, 640], 129.99),
  serverType(121, "ccx13", [2, 8, 80], 42.99),
  serverType(122, "ccx23", [4, 16, 160], 85.99),
  serverType(123, "ccx33", [8, 32, 240], 138.49),
  serverType(124, "ccx43", [16, 64, 360], 275.99),
  serverType(125, "ccx53", [32, 128, 600], 551.99),
  serverType(126, "ccx63", [48, 192, 960], 827.99),
];

function systemImage(id: number, name: string, description: string, created: string): Image {
  const [osFlavor, osVersion] = name.split("-") as [string, string];
  const common = { diskGb: 5, status: "available", createdFrom: null, labels: {} } as const;
  return { id, name, description, osFlavor, osVersion, created, ...common };
}

/** What BigBlueButton 2.x runs on: an administrator's own, for Hetzner took its image of Ubuntu 20.04 away in May 2025. */
export const focalSnapshot: Image = {
  id: 290011422,
  name: null,
  description: "Ubuntu 20.04 with extended maintenance",
  osFlavor: "ubuntu",
  osVersion: "20.04",
  created: "2025-05-12T08:21:40Z",
  diskGb: 40,
  status: "available",
  createdFrom: { id: 1, name: "focal" },
  labels: {},
};

/** All images that there are from the beginning. */
export const images: Image[] = [
  systemImage(67794396, "ubuntu-22.04", "Ubuntu 22.04", "2022-04-21T13:32:38Z"),
  systemImage(114690387, "debian-12", "Debian 12", "2023-06-13T06:00:02Z"),
  systemImage(161547269, "ubuntu-24.04", "Ubuntu 24.04", "2024-04-25T13:26:27Z"),
  systemImage(310557660, "debian-13", "Debian 13", "2025-08-11T06:00:02Z"),
  focalSnapshot,
];

/** What a server's entry keeps of its image: the name, of a snapshot the id. */
export function imageKey({ id, name }: Image): string {
  return name ?? String(id);
}

/** Finds an entry of the catalogue by name or by id (number or decimal text). */
export function byNameOrId<T extends { id: number; name: string | null }>(
  entries: T[],
  wanted: string | number,
): T | undefined {
  return entries.find((entry) => entry.name === wanted || String(entry.id) === String(wanted));
}

/** The entry with this name (of a snapshot: id); throws when the state names one that the catalogue does not have. */
export function named<T extends { id: number; name: string | null }>(entries: T[], name: string): T {
  const entry = byNameOrId(entries, name);
  if (!entry)
    throw new Error(`the catalogue has no '${name}'; the lab's state is from another version: delete the lab`);
  return entry;
}
