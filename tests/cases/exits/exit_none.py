# expect: completed 0
raise SystemExit
