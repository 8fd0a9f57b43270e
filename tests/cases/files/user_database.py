# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-read
# expect-rule: files.read
# expect-subject: /etc/passwd
import pwd

print(pwd.getpwall()[0])  # here
