# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: completed
# stdout: fine
import os
import pathlib
import shutil

os.makedirs("a/b")
folder = os.open("a", os.O_RDONLY)
for name in ("text", pathlib.Path("other")):
    os.close(os.open(name, os.O_WRONLY | os.O_CREAT, dir_fd=folder))
os.mkfifo(pathlib.Path("pipe"), dir_fd=folder)
os.rename("text", "moved", src_dir_fd=folder, dst_dir_fd=folder)
print(sorted(os.listdir(folder)))
shutil.rmtree("a")
print("fine")
