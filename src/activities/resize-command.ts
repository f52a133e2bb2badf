/**
 * For bash: `$0` is the Region, `$1` the most core nodes or 0, then for each table its Region, its name, Read or Write, and the share
 * of its capacity that is taken. A core node is there for each 1,000 units of that. Nodes are only added. No value is part of the program.
 */
export const RESIZE = `set -euo pipefail
most=$1 units=0
shift
while (( $# )); do
  capacity=$(aws dynamodb describe-table --region "$1" --table-name "$2" --query "Table.ProvisionedThroughput.$3CapacityUnits" --output text)
  units=$(awk -v units="$units" -v capacity="$capacity" -v share="$4" 'BEGIN { print units + capacity * share }')
  shift 4
done
nodes=$(awk -v units="$units" -v most="$most" 'BEGIN { nodes = int((units + 999) / 1000); print (most > 0 && nodes > most ? most : nodes) }')
cluster=$(sed -n 's/.*"jobFlowId": *"\\([^"]*\\)".*/\\1/p' "\${JOB_FLOW:-/mnt/var/lib/info/job-flow.json}")
query="InstanceGroups[?InstanceGroupType=='CORE'] | [0].[Id, RequestedInstanceCount]"
core=$(aws emr list-instance-groups --region "$0" --cluster-id "$cluster" --query "$query" --output text)
read -r group count <<< "$core"
(( nodes <= count )) || aws emr modify-instance-groups --region "$0" --cluster-id "$cluster" --instance-groups "InstanceGroupId=$group,InstanceCount=$nodes"`;
