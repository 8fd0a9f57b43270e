# tells: a file name that the guest made up is no source
# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.open"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# not-stdout: LEAKED
import traceback

with_lies = compile("1 / 0", "/etc/passwd", "exec")
try:
    exec(with_lies)
except ZeroDivisionError:
    text = traceback.format_exc()  # here
    print("LEAKED", text)
