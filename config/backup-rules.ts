import { objectOf, type Values, type Violation } from "./violation";

const remedy = "pulumi config rm backup";

/** Only a load balancer of the cluster's own has something to be copied. */
export function backupViolations({ loadBalancer, backup }: Values): Violation[] {
  const expected = "left out: only `loadBalancer` of the kind bbblb is backed up";
  return backup !== undefined && objectOf(loadBalancer)["kind"] !== "bbblb"
    ? [{ path: ["backup"], expected, remedy }]
    : [];
}

/** S3 has keys of its own; to others the machine's own key leads. */
export function backupAccessViolations({ backup, backupAccess }: Values): Violation[] {
  const isS3 = String(objectOf(backup)["repository"]).startsWith("s3:");
  const path = ["backupAccess"];
  if (isS3 && backupAccess === undefined) {
    const expected = "ACCESS_KEY_ID:SECRET_ACCESS_KEY, with a `backup.repository` that begins with s3:";
    return [{ path, expected, remedy: "pulumi config set --secret backupAccess ACCESS_KEY_ID:SECRET_ACCESS_KEY" }];
  }
  const expected = "left out: only a `backup.repository` that begins with s3: needs it";
  return !isS3 && backupAccess !== undefined ? [{ path, expected, remedy: "pulumi config rm backupAccess" }] : [];
}
