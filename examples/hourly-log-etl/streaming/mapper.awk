# Reads lines of a web server's combined log; writes <hour>,<method>,"<path>",<status> TAB <bytes> for each that is one.
# A line that is none is counted, and goes no further.

BEGIN {
  split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", names, " ")
  for (i in names) month[names[i]] = sprintf("%02d", i)
}

function malformed() {
  print "reporter:counter:logs,malformed,1" > "/dev/stderr"
}

# host ident user [time] "request" status bytes "referrer" "agent"; servers put a backslash before quotes in the last two
!/^[^ ]+ [^ ]+ [^ ]+ \[[0-9][0-9]\/[A-Z][a-z][a-z]\/[0-9][0-9][0-9][0-9]:[0-9][0-9]:[0-9][0-9]:[0-9][0-9] [+-][0-9][0-9][0-9][0-9]\] "[A-Z]+ \/[^ "]* HTTP\/[0-9.]+" [1-5][0-9][0-9] ([0-9]+|-) "([^"\\]|\\.)*" "([^"\\]|\\.)*"$/ {
  malformed()
  next
}

{
  split(substr($4, 2), time, /[\/:]/)
  if (!(time[2] in month)) {
    malformed()
    next
  }
  path = $7
  sub(/[?#].*/, "", path)
  printf "%s-%s-%s %s:00:00,%s,\"%s\",%s\t%s\n", time[3], month[time[2]], time[1], time[4], substr($6, 2), path, $9, ($10 == "-" ? 0 : $10)
}
