import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { writeSuite } from "../../../lab/images/repository";
import { labNamed } from "../../../lab/paths";
import type { LabUnderTest } from "../lab";
import { succeeded } from "../outcome";

const suite = "bookworm-security";
const source = `deb [trusted=yes] http://packages.lab.test/security ${suite} main`;

/**
 * Releases security updates in the lab's mirror and lets a machine have them: packages that are installed there, as they
 * are there, with a later version; what is given beside a name is added to its postinst.
 */
export async function releaseUpdates(lab: LabUnderTest, machine: string, packages: Record<string, string>) {
  const root = join(labNamed(lab.name).folder, "packages", "security");
  mkdirSync(join(root, "pool"), { recursive: true });
  for (const [name, postinst] of Object.entries(packages)) {
    const deb = `/tmp/${name}.deb`;
    await succeeded(lab.lab("exec", machine, "--", "sh", "-ec", repack, "sh", name, postinst, deb));
    await succeeded(lab.shell(`ssh ${machine} cat ${deb} > ${join(root, "pool", `${name}.deb`)}`));
  }
  writeSuite({ root, suite, origin: "Debian", label: "Debian-Security" });
  const list = "/etc/apt/sources.list.d/security.list";
  await succeeded(lab.lab("exec", machine, "--", "sh", "-c", `echo '${source}' > ${list}`));
}

/** Makes the installed package `$1` anew as `$3`, with a later version and the line `$2` at the end of its postinst. */
const repack = `
tree=$(mktemp -d)
chmod 755 "$tree"
mkdir "$tree/DEBIAN"
dpkg-query --listfiles "$1" | while read -r path; do
  if [ ! -d "$path" ] && [ -e "$path" ]; then echo "$path"; fi
done | tar --create --absolute-names --files-from - | tar --extract --directory "$tree"
dpkg-query --status "$1" | sed '/^Status:/d; /^Conffiles:/,/^[^ ]/{/^Conffiles:/d; /^ /d}; s/^Version: .*/&+security1/' > "$tree/DEBIAN/control"
for script in preinst postinst prerm postrm triggers conffiles; do
  for file in "/var/lib/dpkg/info/$1.$script" "/var/lib/dpkg/info/$1:amd64.$script"; do
    if [ -e "$file" ]; then cp -a "$file" "$tree/DEBIAN/$script"; fi
  done
done
if [ -n "$2" ]; then
  [ -e "$tree/DEBIAN/postinst" ] || echo '#!/bin/sh' > "$tree/DEBIAN/postinst"
  sed -i 's/^exit 0$//' "$tree/DEBIAN/postinst"
  echo "$2" >> "$tree/DEBIAN/postinst"
  chmod 755 "$tree/DEBIAN/postinst"
fi
dpkg-deb --root-owner-group -Znone --build "$tree" "$3"
`;
