# python: 3.15+
# policy:
# | [imports]
# | allow = ["json"]
# expect: violation import
# expect-subject: os
exec("lazy from os import getpid")
print("LEAKED", getpid())
