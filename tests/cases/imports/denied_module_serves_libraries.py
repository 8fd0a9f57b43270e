# policy:
# | [imports]
# | deny = ["os", "io"]
# tells: libraries go on using what the guest may not import; builtins stay what they are
# expect: completed
# stdout: True text
import shutil
import tempfile
folder = tempfile.mkdtemp()
path = folder + "/x"
with open(path, "w") as file:
    file.write("text")
found = shutil.which("sh") is None or True
print(found, open(path).read())
shutil.rmtree(folder)
