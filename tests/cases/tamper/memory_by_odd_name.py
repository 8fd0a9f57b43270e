# tells: a link whose name is no UTF-8
# expect: violation tamper
import os
import tempfile

link = os.path.join(tempfile.mkdtemp(), "\udcff")
os.symlink("/proc/self/mem", link)
try:
    file = open(link, "rb+")  # here
except OSError:
    pass
print("LEAKED")
