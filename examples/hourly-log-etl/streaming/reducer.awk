# Reads <key> TAB <bytes> in the order of the keys; writes <key> TAB <requests>,<bytes>. Hadoop puts a comma for the tab.

BEGIN { FS = "\t" }

$1 != key { flush() }

{ key = $1; requests++; bytes += $2 }

END { flush() }

function flush() {
  if (requests) printf "%s\t%.0f,%.0f\n", key, requests, bytes
  requests = 0
  bytes = 0
}
