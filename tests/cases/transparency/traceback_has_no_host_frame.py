# expect: completed
# stdout: 1 <module>
import sys
import traceback

frames = traceback.extract_stack()
print(len(frames), frames[0].name)
assert sys._getframe().f_back is None
try:
    1 / 0
except ZeroDivisionError as error:
    text = "".join(traceback.format_exception(error))
assert text.count("File ") == 1 and "1 / 0" in text, text
