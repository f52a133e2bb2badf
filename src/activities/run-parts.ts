/** Puts the parts of a script together: the first argument says how many there are, what follows them is Pig's. No value is part of it. */
export const RUN_PARTS = 'script=$(mktemp) && for ((part = 0; part < $0; part += 1)); do aws s3 cp --only-show-errors "$1" - && echo && shift || exit 1; done'
  + ' > "$script" && pig "$@" -f "$script"';
