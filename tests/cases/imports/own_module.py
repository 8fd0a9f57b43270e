# policy:
# | [imports]
# | allow = ["modules.**"]
# tells: what the guest imports from its folder is guest code: its imports are judged
# expect: violation import
# expect-rule: imports.allow
# expect-subject: socket
# stdout: greeting
from modules import greeter
greeter.greet()
greeter.connect()
print("LEAKED")
