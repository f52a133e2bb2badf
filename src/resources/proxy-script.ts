/**
 * How a host goes through an HttpProxy: `$PROXY` is a file with the options of Task Runner, a line each. The password is in the environment
 * of what root runs, and in a file that root alone reads; Task Runner gets the options, and reads the secret itself.
 */

/** Has what is started from then on not go through a proxy. */
export const LEAVE_PROXY = 'unset http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY';

/** Shell functions: `use_proxy <file of options>` has what is started from then on go through the proxy. */
export const PROXY_FUNCTIONS = `proxy_option() { sed -n "s/^--$1=//p" "$PROXY"; }
proxy_secret() {
  for _ in 1 2 3 4 5 6; do
    aws secretsmanager get-secret-value --region "$(echo "$1" | cut -d: -f4)" --secret-id "$1" --query SecretString --output text && return
    sleep 5
  done
  return 1
}
proxy_credentials() {
  python3 -c '
import json, sys
from urllib.parse import quote
text = sys.stdin.read().rstrip("\\n")
try: keys = json.loads(text)
except ValueError: keys = None
if not isinstance(keys, dict): keys = {"password": text}
print(quote(sys.argv[1] or keys["username"], "") + ":" + quote(keys["password"], "") + "@")
' "$(proxy_option httpProxyUser)"
}
use_proxy() {
  PROXY=$1
  user=
  secret=$(proxy_option httpProxySecret)
  if [ -n "$secret" ]; then
    value=$(proxy_secret "$secret") && user=$(printf %s "$value" | proxy_credentials) || { echo "the secret of the proxy could not be read" >&2; return 1; }
    unset value
  fi
  http_proxy="http://$user$(proxy_option httpProxy)"
  no_proxy=$(proxy_option noProxy)
  export http_proxy no_proxy https_proxy="$http_proxy" HTTP_PROXY="$http_proxy" HTTPS_PROXY="$http_proxy" NO_PROXY="$no_proxy"
}`;

/** Root alone reads it. */
const ENVIRONMENT = '/etc/data-pipeline-proxy';

/** Of user data: keeps the options for Task Runner, and has SSM Agent and the rest of the script go through the proxy. */
export function proxyOfInstance(file: string, options: readonly string[]): string {
  return `
mkdir -p "$(dirname ${file})"
cat >${file} <<'END-OF-OPTIONS'
${options.join('\n')}
END-OF-OPTIONS
${PROXY_FUNCTIONS}
use_proxy ${file}
(umask 077; env | grep -iE '^(https?|no)_proxy=' >${ENVIRONMENT})
for unit in amazon-ssm-agent snap.amazon-ssm-agent.amazon-ssm-agent; do
  mkdir -p /etc/systemd/system/$unit.service.d
  printf '[Service]\\nEnvironmentFile=${ENVIRONMENT}\\n' >/etc/systemd/system/$unit.service.d/proxy.conf
done
systemctl daemon-reload
systemctl try-restart amazon-ssm-agent snap.amazon-ssm-agent.amazon-ssm-agent || true
`;
}
