# policy:
# | [[functions]]
# | id = "short"
# | match = "modules.helper.**"
# | max_steps = 60
# expect: violation call
# expect-rule: short

from modules import helper

helper.work(10)
helper.Worker().work(30)
print("LEAKED")
