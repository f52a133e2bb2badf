/**
 * The shell script that installs Task Runner on a host of a worker group, upgrades it and removes it, as root.
 *
 * It brings about a state, however often it runs: what is as it should be is not touched, and nothing is restarted for it. What is put in
 * place is put there whole. No value of a pipeline is in it but settings that mean nothing to a shell, and Task Runner's options in a
 * quoted here-document.
 */
import { credentialsPathUnit, credentialsUnit, drainScript, HostSettings, placesOf, PROGRAMS, serviceUnit } from './host-unit';
import { DOWNLOADS, FIND_NODE, STATE } from './task-script';

/** The longest that Task Runner takes: an upgrade waits for what is held. */
const PATIENCE = 86_400;
const VERSIONS = `${PROGRAMS}/task-runner`;
const UNITS = '/etc/systemd/system';
const USER_COMMENT = 'Task Runner of AWS Data Pipeline';

export interface HostInstallation extends HostSettings {
  /** Task Runner's SHA-256. */
  readonly checksum: string;
  /** Where Systems Manager has put it, in a directory named after the checksum. */
  readonly fileName: string;
  readonly activityArn: string;
  readonly region: string;
  /** Tasks at a time. */
  readonly tasks: number;
  /** S3 folder of Task Runner's own log. */
  readonly logUri: string;
}

/** The first line of what it says on stderr is why it failed. The parameter `Action` of its document is part of it. */
export function hostScript(installation: HostInstallation): string {
  return `set -eu
umask 022
fail() { echo "$1" >&2; exit 1; }
command -v systemctl >/dev/null || fail 'this host has no systemd, which is to run Task Runner'
mkdir -p ${STATE} ${PROGRAMS} /run/data-pipeline
chmod 711 ${STATE}
exec 8>${STATE}/hosts.lock
flock 8

${FIND_NODE}
put() {
  cat >"$1.new"
  if cmp -s "$1.new" "$1"; then rm -f "$1.new"; else mv -f "$1.new" "$1"; fi
}
link() {
  ln -sfn "$1" "$2.new"
  mv -fT "$2.new" "$2"
}
is_whole() { echo "${installation.checksum}  $1" | sha256sum -c --status - 2>/dev/null; }
${installFunctions(installation)}
${uninstallFunction(installation)}
action='{{ Action }}'
case "$action" in
  Install) install_task_runner ;;
  Uninstall) uninstall_task_runner ;;
esac
`;
}

/** The version before stays, for what is at work yet. */
function installFunctions(installation: HostInstallation): string {
  const { checksum, fileName, user } = installation;
  const { group, service, draining } = placesOf(installation);
  return `put_bundle() {
  is_whole ${VERSIONS}/${checksum}.js && return
  fetched=${DOWNLOADS}/${checksum}/${fileName}
  is_whole "$fetched" || fail 'Task Runner could not be fetched, or is not what was deployed'
  mkdir -p ${VERSIONS}
  install -m 644 "$fetched" ${VERSIONS}/${checksum}.js.new
  mv -f ${VERSIONS}/${checksum}.js.new ${VERSIONS}/${checksum}.js
}
link_version() {
  before=$(readlink ${group}/current || true)
  [ "$before" = ${VERSIONS}/${checksum}.js ] && return
  [ -z "$before" ] || kill -0 "$(cat ${draining} 2>/dev/null)" 2>/dev/null || link "$before" ${group}/previous
  link ${VERSIONS}/${checksum}.js ${group}/current
  for each in ${VERSIONS}/*.js; do
    readlink ${PROGRAMS}/groups/*/* | grep -qxF "$each" || rm -f "$each"
  done
}
${unitsFunction(installation)}
install_task_runner() {
  id ${user} >/dev/null 2>&1 || useradd --system --user-group --home-dir ${STATE}/home --create-home --shell /bin/sh --comment '${USER_COMMENT}' ${user}
  node=$(find_node) || fail 'Node.js could not be installed'
  put_bundle
  mkdir -p ${group} /etc/data-pipeline
  put_units
  link_version
  rm -rf ${DOWNLOADS}/${checksum}
  wanted=$(cat ${files(installation).join(' ')} 2>/dev/null | sha256sum)$(readlink ${group}/current)
  if [ "$(cat ${group}/started 2>/dev/null)" = "$wanted" ] && systemctl --quiet is-active ${service}; then return; fi
  systemctl daemon-reload
  running=$(systemctl show -p MainPID ${service} | cut -d= -f2)
  [ "\${running:-0}" = 0 ] || sh ${group}/drain "$running" 0
  start_units
  printf '%s' "$wanted" >${group}/started
}`;
}

/** What makes a new start when it changes. */
function files(installation: HostInstallation): string[] {
  const { options, service, credentialsService, credentialsPath } = placesOf(installation);
  return [options, ...[service, credentialsService, credentialsPath].map((unit) => `${UNITS}/${unit}`)];
}

/** SSM Agent's credentials on a host of one's own are root's; an instance of Amazon EC2 has its role from its metadata. */
function unitsFunction(installation: HostInstallation): string {
  const { activityArn, region, tasks, logUri } = installation;
  const { group, options, service, credentialsService, credentialsPath, work } = placesOf(installation);
  const line = [
    `--workerGroup ${activityArn}`, `--region ${region}`, `--tasks ${tasks}`, `--drainTimeout ${PATIENCE}`, `--workDir ${work}`, `--logUri ${logUri}`,
  ].join(' ');
  return `put_units() {
  put ${options} <<'END-OF-OPTIONS'
OPTIONS=${line}
END-OF-OPTIONS
  put ${group}/drain <<'END-OF-DRAIN'
${drainScript(installation)}END-OF-DRAIN
  case "\${AWS_SSM_INSTANCE_ID:-}" in mi-*)
    shared=$(getent passwd root | cut -d: -f6)/.aws/credentials
    [ -s "$shared" ] || fail "SSM Agent keeps no credentials in $shared: it must share them (Profile.ShareCreds of its configuration)"
    put ${UNITS}/${credentialsService} <<END-OF-UNIT
${credentialsUnit(installation, '$shared')}END-OF-UNIT
    put ${UNITS}/${credentialsPath} <<END-OF-UNIT
${credentialsPathUnit(installation, '$shared')}END-OF-UNIT
  esac
  put ${UNITS}/${service} <<END-OF-UNIT
${serviceUnit(installation, '$node').replace(/\$(?!node\b)/g, '\\$')}END-OF-UNIT
}
start_units() {
  [ ! -e ${UNITS}/${credentialsPath} ] || systemctl --quiet enable --now ${credentialsPath}
  systemctl --quiet enable --now ${service}
}`;
}

/** What the user has put beside the options stays. */
function uninstallFunction(installation: HostInstallation): string {
  const { user } = installation;
  const { group, service, credentialsPath, credentials, work } = placesOf(installation);
  return `uninstall_task_runner() {
  for unit in ${credentialsPath} ${service}; do
    [ ! -e "${UNITS}/$unit" ] || systemctl --quiet disable --now "$unit"
  done
  rm -rf ${files(installation).join(' ')} ${credentials} ${group} ${work}
  systemctl daemon-reload
  rmdir ${PROGRAMS}/groups /etc/data-pipeline 2>/dev/null || true
  [ -e ${PROGRAMS}/groups ] || rm -rf ${PROGRAMS} ${DOWNLOADS}
  [ -e ${PROGRAMS} ] || [ "$(getent passwd ${user} | cut -d: -f5)" != '${USER_COMMENT}' ] || userdel --remove ${user}
}`;
}
