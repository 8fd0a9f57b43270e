# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-write
# expect-rule: files.write
import os

os.symlink(__file__, "link")
os.chmod("link", 0o777)  # here
