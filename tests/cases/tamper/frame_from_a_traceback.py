# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper | limit steps
try:
    1 / 0
except ZeroDivisionError as error:
    frame = error.__traceback__.tb_frame
while frame:
    try:
        object.__setattr__(frame, "f_trace_lines", False)
    except AttributeError:
        pass
    frame = frame.f_back
n = 0
while n < 40000:
    n += 1
print("LEAKED", n)
