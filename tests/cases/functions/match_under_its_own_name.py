# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: os.system
import posix
posix.system("echo LEAKED")  # here
