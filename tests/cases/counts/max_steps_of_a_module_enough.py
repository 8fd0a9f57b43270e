# policy:
# | [[functions]]
# | id = "short"
# | match = "modules.helper.**"
# | max_steps = 60
# expect: completed
# stdout: done

from modules import helper

helper.work(10)
helper.Worker().work(10)
for i in range(100):
    pass
print("done")
