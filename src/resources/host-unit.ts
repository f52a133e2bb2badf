/**
 * The systemd units of a host of a worker group: Task Runner's service and, where SSM Agent has the credentials, what passes them on.
 *
 * A stop drains for a while, then fails what is held for a retry (Task Runner's second signal), and whatever is left in the control group
 * is killed. An upgrade drains without that haste: the service ends by itself when nothing is held, and starts as the new version.
 */

/** What is installed by hand or by the document stands here, apart from its state. */
export const PROGRAMS = '/opt/data-pipeline';
const SETTINGS = '/etc/data-pipeline';
/** For Task Runner to end when it has been told twice: twenty seconds for its last words, and some to spare. */
const LAST_SECONDS = 60;

/** A worker group as its hosts know it. */
export interface HostSettings {
  /** Letters, digits and `_.-`: no other group of the host has it. */
  readonly name: string;
  readonly user: string;
  /** Seconds. */
  readonly drainTimeout: number;
}

/** Where a group's things stand on a host. */
export function placesOf({ name }: Pick<HostSettings, 'name'>) {
  return {
    group: `${PROGRAMS}/groups/${name}`,
    options: `${SETTINGS}/${name}.options`,
    /** The user's own: environment variables, such as HTTPS_PROXY. */
    local: `${SETTINGS}/${name}.local`,
    service: `data-pipeline-${name}.service`,
    credentialsService: `data-pipeline-${name}-credentials.service`,
    credentialsPath: `data-pipeline-${name}-credentials.path`,
    /** In memory, not on disk. */
    credentials: `/run/data-pipeline/${name}.credentials`,
    draining: `/run/data-pipeline/${name}.draining`,
    work: `/var/lib/data-pipeline/hosts/${name}`,
  };
}

/** `node` is a word of the shell that writes the unit. */
export function serviceUnit(settings: HostSettings, node: string): string {
  const { name, user, drainTimeout } = settings;
  const { group, options, local, credentials, credentialsService, draining } = placesOf(settings);
  return `[Unit]
Description=Task Runner of worker group ${name}
Wants=network-online.target ${credentialsService}
After=network-online.target ${credentialsService}
StartLimitIntervalSec=0

[Service]
User=${user}
EnvironmentFile=${options}
EnvironmentFile=-${local}
Environment=AWS_SHARED_CREDENTIALS_FILE=${credentials}
ExecStartPre=+/bin/rm -f ${draining}
ExecStart=${node} ${group}/current $OPTIONS
ExecStop=-+/bin/sh ${group}/drain $MAINPID ${drainTimeout}
TimeoutStopSec=${drainTimeout + LAST_SECONDS}
KillMode=mixed
Restart=always
RestartSec=5
StateDirectory=data-pipeline/hosts/${name}
StateDirectoryMode=0700
UMask=0077
${sandbox(user)}

[Install]
WantedBy=multi-user.target
`;
}

/**
 * Commands of users run in it, and may write wherever their user may but to the system and to homes. V8 compiles at run time, so that memory
 * is writable and executable; glibc asks the kernel for addresses by netlink.
 */
function sandbox(user: string): string {
  return `NoNewPrivileges=yes
${user === 'root' ? '' : 'CapabilityBoundingSet=\n'}PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=full
ProtectHome=read-only
ProtectClock=yes
ProtectHostname=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM`;
}

/** Passes SSM Agent's credentials, which only root may read, on to the user; `shared` is a word of the shell that writes the unit. */
export function credentialsUnit(settings: HostSettings, shared: string): string {
  const { credentials } = placesOf(settings);
  return `[Unit]
Description=Credentials of worker group ${settings.name}

[Service]
Type=oneshot
ExecStart=/usr/bin/install -D -m 0400 -o ${settings.user} ${shared} ${credentials}.new
ExecStart=/bin/mv -f ${credentials}.new ${credentials}
UMask=0022
NoNewPrivileges=yes
PrivateNetwork=yes
PrivateTmp=yes
ProtectSystem=full
`;
}

/** SSM Agent writes new ones every half hour. */
export function credentialsPathUnit({ name }: HostSettings, shared: string): string {
  return `[Unit]
Description=Changes of the credentials of worker group ${name}

[Path]
PathChanged=${shared}

[Install]
WantedBy=multi-user.target
`;
}

/** `drain <pid> <seconds>`: tells it once to end, however often it is asked, and waits so long for it. */
export function drainScript(settings: HostSettings): string {
  const { draining } = placesOf(settings);
  return `mkdir -p /run/data-pipeline
[ "$(cat ${draining} 2>/dev/null)" = "$1" ] || { echo "$1" >${draining}; kill -TERM "$1"; }
waited=0
while [ "$waited" -lt "$2" ] && kill -0 "$1" 2>/dev/null; do sleep 1; waited=$((waited + 1)); done
`;
}
