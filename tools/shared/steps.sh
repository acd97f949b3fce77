# What the stories of a registry share: their people and a service of their own, and how a step is
# told, expected and refused. Sourced in an empty folder, with `bin` and `source_dir` set.
# shellcheck shell=bash

# shellcheck disable=SC2154
export PATH="$bin:$PATH" CPL_ORIGIN="cpl.example/log" CPL_POLICY="$PWD/policy.txt"
service=0

finish() {
  local status=$?
  [[ -n "${keep:-}" && $status -eq 0 ]] && return
  # shellcheck disable=SC2046
  kill $(jobs -p) 2>/dev/null || true
  wait 2>/dev/null || true
  [[ $status -eq 0 ]] || echo "story: it ended early; what the programs said is in $PWD" >&2
}
trap finish EXIT

bold="" green="" plain=""
if [[ -t 1 && -z "${NO_COLOR:-}" ]]; then bold=$'\e[1m' green=$'\e[32m' plain=$'\e[0m'; fi
step() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
fail() { echo "story: $1" >&2; exit 1; }
holds() { printf '  %sok%s  %s\n' "$green" "$plain" "$1"; }

# Waits for a line in a program's log, as long as the program lives.
await_line() {
  touch "$1"  # It may not have begun to write yet.
  grep -m1 -q "$3" < <(tail -n +1 -f --pid="$2" "$1") || fail "$1 never said \"$3\""
}

knowing=() # Models that signers know to leave devices without a listed successor.
sign() { # sign FILE KEY...
  local file=$1 key
  shift
  for key in "$@"; do
    cpl sign "$file" --key "$key.key" "${knowing[@]}" >/dev/null 2>signed.txt ||
      fail "$(cat signed.txt)"
  done
}

submit() { cpl submit "$1" --json | jq -re .index; }

# The command must be refused, with this code and a sentence.
refused() { # refused CODE COMMAND...
  local code=$1 said
  shift
  if said="$("$@" --json 2>/dev/null)"; then fail "this should have been refused with $code: $*"; fi
  [[ "$(jq -r .error.code <<<"$said")" == "$code" ]] || fail "wanted $code, got: $said"
  holds "$code: $(jq -r .error.detail <<<"$said")"
}

# Keys for everybody, a service on a new log, accounts of the desk and of a Party, and the charter as
# entry 0. Further options are of `cpl charter`.
found_registry() {
  for n in 1 2 3 4 5; do cpl key create --name "panel-$n" --out "panel-$n.key" >/dev/null; done
  for n in 1 2 3; do cpl key create --name "registrar-$n" --out "registrar-$n.key" >/dev/null; done
  cpl key create --name registrar-4 --algorithm p256 --out registrar-4.key >/dev/null
  cpl key create --name service-desk --algorithm p256 --out desk.key >/dev/null
  cpl key create --name "$CPL_ORIGIN" --out log.key >/dev/null
  cpl key notice --out notice.key >/dev/null
  cpl key policy log.key.pub --out policy.txt >/dev/null
  operator_token="$(cpl key token --json)"
  operator="$(jq -r .token <<<"$operator_token")"
  cat >cpld.toml <<EOF
origin = "$CPL_ORIGIN"
public_url = "${CPL_STORY_URL:-https://cpl.example}"
event_type_prefix = "example.cpl"
data_dir = "data"
log_key_file = "log.key"
notice_key_file = "notice.key"
lab_mode = true

[operator]
token_sha256 = "$(jq -r .token_sha256 <<<"$operator_token")"
EOF
  cpld --config cpld.toml --new-log --port "${CPL_STORY_PORT:-0}" --port-file port >cpld.log 2>&1 &
  service=$!
  await_line cpld.log "$service" "listening on"
  CPL_SERVER="http://127.0.0.1:$(cat port)"
  export CPL_SERVER
  CPL_TOKEN="$operator" cpl party add dcc-service-desk --service-desk --out desk.token >/dev/null
  CPL_TOKEN="$operator" cpl party add example-energy --out party.token >/dev/null
  cpl charter --name "Example CPL" --panel panel-*.key.pub --panel-threshold 3 \
    --registrar registrar-*.key.pub --registrar-threshold 2 --service-desk desk.key.pub \
    "$@" --out charter.stmt >/dev/null
  sign charter.stmt panel-1 panel-2 panel-3
  [[ "$(submit charter.stmt)" == 0 ]] || fail "the charter is not entry 0"
}
