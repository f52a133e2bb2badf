import { LEAVE_PROXY, PROXY_FUNCTIONS } from './proxy-script';
import { FIND_NODE, STATE } from './task-script';

/**
 * What the primary node of a cluster runs for one task: fetches Task Runner, looks at its checksum, and is as it is: its exit code and its
 * last line are the step's. `$1` to `$4` are Task Runner's URI, its checksum, the Region, and the task in percent-encoding; what follows are
 * Task Runner's options of a proxy, through which it is fetched, too.
 */
export const RUN_TASK = `#!/bin/bash
set -eu
umask 077
${FIND_NODE}
${PROXY_FUNCTIONS}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $# -gt 4 ]; then
  printf '%s\\n' "\${@:5}" >"$work/proxy"
  use_proxy "$work/proxy" || exit 1
fi
as_root() { sudo -n --preserve-env=http_proxy,https_proxy,no_proxy bash -c "set -eu; mkdir -p ${STATE}; $(declare -f node_of_age packaged_node released_node find_node); find_node"; }
node=$(node_of_age) || node=$(as_root) || { echo "Node.js could not be installed" >&2; exit 1; }

aws s3 cp --only-show-errors "$1" "$work/task-runner.js"
echo "$2  $work/task-runner.js" | sha256sum -c --quiet - || { echo "Task Runner is not what was deployed" >&2; exit 1; }
printf %s "$4" >"$work/task"
${LEAVE_PROXY}

"$node" "$work/task-runner.js" --taskFile "$work/task" --region "$3" --workDir "$work/attempts" --drainTimeout 0 "\${@:5}" &
trap "kill -TERM $!" TERM INT
status=0
wait $! || status=$?
while kill -0 $! 2>/dev/null; do status=0; wait $! || status=$?; done
exit "$status"
`;
