import type { DetailedPeerCertificate } from "node:tls";
import { expect, test } from "vitest";

import { countIntermediates, daysUntil } from "../../checks/certificates";

function chain(length: number): DetailedPeerCertificate {
  const root = {} as DetailedPeerCertificate;
  root.issuerCertificate = root;
  let certificate = root;
  for (let link = 1; link < length; link += 1)
    certificate = { issuerCertificate: certificate } as DetailedPeerCertificate;
  return certificate;
}

test("intermediates are what stands between leaf and root", () => {
  expect(countIntermediates(chain(4))).toBe(2);
  expect(countIntermediates(chain(2))).toBe(0);
  expect(countIntermediates(chain(1))).toBe(0);
  expect(countIntermediates({} as DetailedPeerCertificate)).toBe(0);
});

test("the days of a certificate are whole ones, and negative once it is over", () => {
  const now = new Date("2026-11-22T12:00:00Z");
  expect(daysUntil(new Date("2026-11-24T11:00:00Z"), now)).toBe(1);
  expect(daysUntil(new Date("2026-11-22T11:00:00Z"), now)).toBe(-1);
});
