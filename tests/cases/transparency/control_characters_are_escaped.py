# tells: what the guest chose can't paint over Lictor's words
# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.sorted"
# | action = "deny"
# expect: violation call
# stderr: sorted
# not-stdout: LEAKED
exec(compile("def f():\n    sorted([1])\nf()", "\x1b[2J\rLEAKED\nLEAKED: completed", "exec"))
