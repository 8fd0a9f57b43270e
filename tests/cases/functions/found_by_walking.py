# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: os.system
for kind in object.__subclasses__():
    if kind.__name__ == "_wrap_close":
        kind.__init__.__globals__["system"]("echo LEAKED")  # here
