# expect: raised 1
# stderr: my last words
raise SystemExit("my last words")
