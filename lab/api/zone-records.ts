import { invalidInput, isProtected, notUnique } from "./errors";
import type { RecordSet, Zone } from "./model";
import { nameServers, startOfAuthority } from "./names";
import type { Store } from "./store";

/** A new zone's record sets: start of authority and name servers. */
export function initialRecordSets(serial: number): RecordSet[] {
  const set = { name: "@", labels: {}, changeProtection: false };
  return [
    { ...set, type: "SOA", ttl: null, records: [{ value: startOfAuthority(serial) }] },
    { ...set, type: "NS", ttl: null, records: nameServers.map((value) => ({ value })) },
  ];
}

/** The first serial of a zone: the day and a counter. */
export function firstSerial(): number {
  return Number(`${new Date().toISOString().slice(0, 10).replaceAll("-", "")}00`);
}

/** Adds a zone; throws uniqueness_error when there is one of this name. */
export function addZone(store: Store, fields: Pick<Zone, "name" | "ttl" | "labels">): Readonly<Zone> {
  if (store.zones.all().some((zone) => zone.name === fields.name)) throw notUnique("name", "zone name is already used");
  const serial = firstSerial();
  const created = new Date().toISOString();
  return store.zones.add(() => ({
    ...fields,
    ...{ created, serial, deleteProtection: false, recordSets: initialRecordSets(serial) },
  }));
}

/** Puts a record set on file in place of the one of the same name and type (null: removes it); the serial goes up. */
export function putRecordSet(
  store: Store,
  zone: Readonly<Zone>,
  id: Pick<RecordSet, "name" | "type">,
  set: RecordSet | null,
): void {
  const isIt = (each: RecordSet) => each.name === id.name && each.type === id.type;
  const present = zone.recordSets.some(isIt);
  const kept = zone.recordSets.flatMap((each) => (!isIt(each) ? [each] : set ? [set] : []));
  const recordSets = present || !set ? kept : [...kept, set];
  const serial = zone.serial + 1;
  const authority = (each: RecordSet) =>
    each.type === "SOA" ? { ...each, records: [{ value: startOfAuthority(serial) }] } : each;
  store.zones.update(zone, { serial, recordSets: recordSets.map(authority) });
}

/** Throws when a record set of this name and type would break the rule that a CNAME stands alone. */
export function requireCompatible(zone: Readonly<Zone>, wanted: Pick<RecordSet, "name" | "type">): void {
  const others = zone.recordSets.filter((each) => each.name === wanted.name);
  if (others.some((each) => each.type === wanted.type)) throw notUnique("name", "rrset already exists");
  if (others.length === 0 || (wanted.type !== "CNAME" && others.every((each) => each.type !== "CNAME"))) return;
  throw invalidInput("type", `a CNAME excludes other records at '${wanted.name}'`);
}

/** Throws protected when a record set may not be changed. */
export function requireChangeable(set: RecordSet): void {
  if (set.changeProtection) throw isProtected("rrset");
}
