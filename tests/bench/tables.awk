# SPDX-License-Identifier: MIT
# Lines "LOAD KEY MILLISECONDS" in; the two Markdown tables of compare.sh out. Variables: loads, kind, user.
{ value[$1, $2] = $3; known[$2] = 1 }

function number(ms) { return ms >= 100 ? sprintf("%.0f", ms) : ms >= 10 ? sprintf("%.1f", ms) : sprintf("%.2f", ms) }

function ratio(one, two) {
  if (one == 0 || two == 0) return "–"
  return one / two >= 0.1 ? sprintf("%.2f", one / two) : sprintf("1/%.0f", two / one)
}

function head(title,   i, line, rule) {
  line = "| " title " |"; rule = "|---|"
  for (i = 1; i <= count; ++i) { line = line " " load[i] " |"; rule = rule "---|" }
  print line "\n" rule
}

function row(title, key,   i, line) {
  if (!(key in known)) return
  line = "| " title " |"
  for (i = 1; i <= count; ++i)
    line = line " " ((load[i], key) in value ? number(value[load[i], key]) : "–") " |"
  print line
}

# `targets`: LOAD=TARGET pairs; the load "*" stands for those that are not named.
function ratios(title, key, base, targets,   i, j, parts, pair, target, line) {
  if (!(key in known)) return
  line = "| " title " |"
  for (i = 1; i <= count; ++i) {
    target = ""
    split(targets, parts, " ")
    for (j = 1; j in parts; ++j) {
      split(parts[j], pair, "=")
      if (pair[1] == load[i] || (pair[1] == "*" && target == "")) target = pair[2]
    }
    line = line " " ratio(value[load[i], key], value[load[i], base]) (target != "" ? " (" target ")" : "") " |"
  }
  print line
}

END {
  count = split(loads, load, " ")
  head(kind ", ms")
  row("`portside list`, whole process", "portside")
  row("`ss -tulnpH`", "ss")
  row("`netstat -tulnp`", "netstat")
  row("`lsof -nP -iTCP -sTCP:LISTEN`", "lsof")
  row("`ss -tulnH` (no owners)", "ss_no_owners")
  row("`portside list` as the user " user, "user_portside")
  row("`ss -tulnpH` as the user " user, "user_ss")
  row("`portside list`, its CPU time (median)", "portside_cpu")
  row("`ss -tulnpH`, its CPU time (median)", "ss_cpu")
  row("in process: first scan (one run)", "first")
  row("in process: steady rescan", "steady")
  row("in process: its CPU time", "steady_cpu")
  row("in process: rescan after one new listener, owner found", "new_listener")
  print ""
  head("ratio to `ss -tulnpH` (target: at most)")
  ratios("`portside list`", "portside", "ss", "small=0.38 medium=0.38 large=0.38 big-fd=0.5 established=0.5")
  ratios("`portside list`, both as the user " user, "user_portside", "user_ss", "*=1.0")
  ratios("steady rescan", "steady", "ss", "small=1/50 medium=1/35 large=1/50 big-fd=1/500 established=1/400")
  ratios("rescan after one new listener", "new_listener", "ss", "*=1/40")
  ratios("the same, to the steady rescan", "new_listener", "steady", "*=2")
  ratios("`netstat -tulnp`", "netstat", "ss", "")
  ratios("`lsof -nP -iTCP -sTCP:LISTEN`", "lsof", "ss", "")
}
