# policy:
# | [[lines]]
# | id = "no-print"
# | match = 're:print\('
# | file = "**/modules/*.py"
# | action = "deny"
# expect: violation line
# expect-rule: no-print
# stdout: here it may
from modules import printer
print("here it may")
printer.say("LEAKED")
