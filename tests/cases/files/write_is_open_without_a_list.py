# policy:
# | [files]
# | read = ["{cwd}/**"]
# expect: completed
# stdout: fine
import os
import tempfile

folder = tempfile.mkdtemp()
open(os.path.join(folder, "out"), "w").close()
os.remove(os.path.join(folder, "out"))
os.rmdir(folder)
print("fine")
