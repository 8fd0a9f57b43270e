# policy:
# | [syntax]
# | forbid = ["type-parameter", "type-alias", "walrus"]
# python: 3.12+
# expect: violation syntax
# stderr: uses a type statement
type Number = int  # here
print("LEAKED", f"{(n := 1):>{n}}")  # here
