# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-read
# expect-rule: files.read
# expect-subject: /nowhere/at/all
open("/nowhere/at/all")  # here
