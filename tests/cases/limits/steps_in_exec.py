# policy:
# | [limits]
# | steps = 200
# expect: limit steps
exec("n = 0\nwhile n < 1000:\n    n += 1\nprint('LEAKED')")
