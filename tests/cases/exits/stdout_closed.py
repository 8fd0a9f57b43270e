# expect: completed | raised
import os
os.close(1)
