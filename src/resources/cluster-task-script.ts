import { FIND_NODE, STATE } from './task-script';

/**
 * What the primary node of a cluster runs for one task: fetches Task Runner, looks at its checksum, and is as it is: its exit code and its
 * last line are the step's. `$1` to `$4` are Task Runner's URI, its checksum, the Region, and the task in percent-encoding.
 */
export const RUN_TASK = `#!/bin/bash
set -eu
umask 077
${FIND_NODE}
as_root() { sudo -n bash -c "set -eu; mkdir -p ${STATE}; $(declare -f node_of_age packaged_node released_node find_node); find_node"; }
node=$(node_of_age) || node=$(as_root) || { echo "Node.js could not be installed" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
aws s3 cp --only-show-errors "$1" "$work/task-runner.js"
echo "$2  $work/task-runner.js" | sha256sum -c --quiet - || { echo "Task Runner is not what was deployed" >&2; exit 1; }
printf %s "$4" >"$work/task"

"$node" "$work/task-runner.js" --taskFile "$work/task" --region "$3" --workDir "$work/attempts" --drainTimeout 0 &
trap "kill -TERM $!" TERM INT
status=0
wait $! || status=$?
while kill -0 $! 2>/dev/null; do status=0; wait $! || status=$?; done
exit "$status"
`;
