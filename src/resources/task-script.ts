/**
 * The shell scripts of an instance: what it does when it starts, and what starts Task Runner for a task.
 *
 * No value of a pipeline is part of them but the task, in characters that mean nothing between the lines of a quoted here-document.
 */
import { LEAVE_PROXY, proxyOfInstance } from './proxy-script';

/** What stays on the host. */
export const STATE = '/var/lib/data-pipeline';
/** Where Systems Manager puts what it has fetched. */
export const DOWNLOADS = `${STATE}/task-runner`;
/** Options of Task Runner, where it goes through a proxy. */
const PROXY = `${STATE}/proxy`;
const NODE = '/opt/data-pipeline/node';
const OLDEST_NODE = 20;
const NODE_RELEASE = 'latest-v22.x';

/**
 * No function relies on `set -e`, which a shell forgets in what `||` asks for.
 *
 * Shell functions: `node_of_age` says where Node.js is that is new enough; `find_node` installs it where there is none, as root.
 */
export const FIND_NODE = `node_of_age() {
  for each in ${NODE}/bin/node node node-24 node-22 node-20; do
    found=$(command -v "$each") && "$found" -e 'process.exit(Number(process.versions.node.split(".")[0]) >= ${OLDEST_NODE} ? 0 : 1)' 2>/dev/null && echo "$found" && return
  done
  return 1
}
packaged_node() {
  if command -v dnf >/dev/null; then dnf install -y -q nodejs22 || dnf install -y -q nodejs20 || dnf install -y -q nodejs
  elif command -v apt-get >/dev/null; then apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q nodejs
  else false; fi
}
released_node() {
  case "$(uname -m)" in aarch64) arch=arm64 ;; *) arch=x64 ;; esac
  from=https://nodejs.org/dist/${NODE_RELEASE}
  work=$(mktemp -d)
  curl -fsSL --retry 5 -o "$work/sums" "$from/SHASUMS256.txt" &&
    archive=$(awk -v end="-linux-$arch.tar.gz" 'substr($2, length($2) - length(end) + 1) == end { print $2 }' "$work/sums") &&
    curl -fsSL --retry 5 -o "$work/$archive" "$from/$archive" &&
    (cd "$work" && grep " $archive\\$" sums | sha256sum -c --quiet -) &&
    mkdir -p ${NODE} && tar -xzf "$work/$archive" --strip-components=1 -C ${NODE} && chmod -R a+rX ${NODE}
  installed=$?
  rm -rf "$work"
  return "$installed"
}
find_node() {
  exec 9>${STATE}/node.lock
  flock 9
  node_of_age || { packaged_node >&2 || true; node_of_age; } || { released_node >&2 && node_of_age; }
}`;

/**
 * User data: the timer that ends the instance whatever becomes of its run, and the agent by which tasks reach it. `proxy`: options of Task
 * Runner that say which proxy it goes through.
 */
export function startInstance(lifeSeconds: number, proxy: readonly string[] = []): string {
  return `#!/bin/bash
shutdown -h +${Math.max(1, Math.ceil(lifeSeconds / 60))} || (sleep ${Math.ceil(lifeSeconds)}; poweroff -f) &
${proxy.length > 0 ? proxyOfInstance(PROXY, proxy) : ''}
running() { systemctl is-active --quiet amazon-ssm-agent || systemctl is-active --quiet snap.amazon-ssm-agent.amazon-ssm-agent; }
install_agent() {
  case "$(uname -m)" in aarch64) arch=arm64 ;; *) arch=amd64 ;; esac
  from=https://s3.amazonaws.com/ec2-downloads-windows/SSMAgent/latest
  if command -v dpkg >/dev/null && ! command -v rpm >/dev/null; then
    curl -fsSL --retry 5 -o /tmp/amazon-ssm-agent.deb "$from/debian_$arch/amazon-ssm-agent.deb" && dpkg -i /tmp/amazon-ssm-agent.deb
  else
    curl -fsSL --retry 5 -o /tmp/amazon-ssm-agent.rpm "$from/linux_$arch/amazon-ssm-agent.rpm" && rpm -U /tmp/amazon-ssm-agent.rpm
  fi
}
running || systemctl start amazon-ssm-agent || install_agent
running || systemctl enable --now amazon-ssm-agent
`;
}

/**
 * Task Runner goes on when the command has ended: a command of Systems Manager lives 48 hours at most. Where Node.js is missing or too
 * old, it comes from the distribution, or else from its makers, by their checksum.
 *
 * Each command has fetched Task Runner for itself, and puts it in the one place under another name than it is fetched by: a file there is
 * whole, however many commands begin at once.
 */
export function startTask(checksum: string, fileName: string, region: string): string {
  return `#!/bin/bash
set -eu
umask 077
user='{{ User }}'
fetched=${DOWNLOADS}/{{ Delivery }}
echo "${checksum}  $fetched/${fileName}" | sha256sum -c --quiet - || { echo "Task Runner is not what was deployed" >&2; exit 1; }
bundle=${DOWNLOADS}/${checksum}.js
chmod a+r "$fetched/${fileName}"
mv -f "$fetched/${fileName}" "$bundle"
rm -rf "$fetched"
chmod a+rx ${DOWNLOADS}

${FIND_NODE}
options=()
[ ! -f ${PROXY} ] || mapfile -t options <${PROXY}
node=$(find_node) || { echo "Node.js ${OLDEST_NODE} or newer could not be installed" >&2; exit 1; }

task=$(mktemp ${STATE}/task.XXXXXXXX)
cat >"$task" <<'END-OF-TASK'
{{ Task }}
END-OF-TASK
home=$(getent passwd "$user" | cut -d: -f6)
mkdir -p ${STATE}/work
chmod 711 ${STATE}
chmod 1777 ${STATE}/work
chown "$user" "$task"
${LEAVE_PROXY}
log=$(mktemp ${STATE}/task-runner.XXXXXXXX.log)
export HOME="\${home:-/}"
setsid runuser -u "$user" -- "$node" "$bundle" --taskFile "$task" --region ${region} --workDir "${STATE}/work/$user" "\${options[@]}" >"$log" 2>&1 </dev/null &
`;
}
